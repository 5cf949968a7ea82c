import type { TargetKind } from '$lib/api/types';

const kind: Record<TargetKind, string> = {
  first_response: 'First response',
  resolution: 'Resolution',
  repair: 'Repair',
  return_handling: 'Return',
  call_back: 'Call-back',
  shipment_update: 'Shipment update'
};

/** Service levels: what customers were promised. */
export const promises = {
  title: 'What was promised',
  none: 'Nothing was promised about this ticket.',
  kind,
  left: (span: string) => `${span} left`,
  late: 'Late',
  lateBy: (span: string) => `${span} late`,
  standing: {
    on_hold: 'On hold',
    met: 'Kept',
    met_late: 'Kept too late',
    cancelled: 'Cancelled'
  },
  due: (when: string) => `Due ${when}`,
  promised: 'Promised by',
  now: 'Due now',
  met: 'Done',
  late_since: 'Late since',
  from: (policy: string, version: number) => `Service level ${policy}, version ${version}`,
  contract: (name: string) => `by the contract ${name}`,
  hours: (calendar: string, zone: string) => `Hours that count: ${calendar}, ${zone}`,
  allHours: 'Every hour counts',
  heldSince: (when: string) => `On hold since ${when}`,
  held: (from: string, to: string) => `On hold ${from} to ${to}`,
  hold: 'Hold…',
  resume: 'Resume…',
  holding: 'Hold this promise',
  holdingLead: 'For a reason that is not ours. Its time stands still until somebody resumes it.',
  resuming: 'Let its time run again',
  resumingLead: 'What was left when it was put on hold is left from now on.',
  reason: 'Reason',
  reasonMissing: 'Give a reason first.',
  holdSubmit: 'Hold',
  resumeSubmit: 'Resume'
};
