import type { Outcome, SessionState, Verdict } from '$lib/api/types';
import { plural } from './plural';

const state: Record<SessionState, string> = {
  draft: 'Draft',
  running: 'Running',
  acceptance_test: 'Acceptance test',
  verified: 'Verified',
  rejected: 'Rejected',
  abandoned: 'Abandoned'
};

const moveTo: Record<SessionState, string> = {
  draft: 'Back to draft',
  running: 'Start the work',
  acceptance_test: 'Work is done: begin the acceptance test',
  verified: 'Verified: hand over',
  rejected: 'Rejected: the machine is not well',
  abandoned: 'Give up before any work'
};

const verdict: Record<Verdict, string> = {
  fixed: 'Fixed',
  improved: 'Improved',
  unchanged: 'Unchanged',
  worse: 'Worse',
  not_enough_data: 'Not enough data'
};

const verdictMeaning: Record<Verdict, string> = {
  fixed: 'As on the healthy machine, and no longer as before the repair.',
  improved: 'Nearer to the healthy machine than before, but not shown to be the same.',
  unchanged: 'As before the repair.',
  worse: 'Further from the healthy machine than before.',
  not_enough_data: 'The readings do not say.'
};

const outcome: Record<Outcome, string> = { pass: 'Passed', pending: 'Not yet', fail: 'Failed' };

export const repair = {
  title: 'Repair',
  state,
  moveTo,
  again: 'Back to work',
  outcome,
  verdict,
  verdictMeaning,

  ofTicket: {
    title: 'Repairs',
    none: 'No repair of this ticket yet.',
    start: 'Start a repair',
    what: 'What is to be done',
    technicians: 'Who works on it',
    techniciansHint: 'Names, separated by commas',
    techniciansMissing: 'Say who works on it.',
    titleMissing: 'Say what is to be done.',
    planned: 'Planned length',
    hours: (n: number) => `${n} h`,
    submit: 'Prepare the repair',
    cancel: 'Cancel'
  },

  back: 'Ticket',
  backToMachine: 'Machine',
  technicians: 'Technicians',
  began: 'Work began',
  ended: 'Work ended',
  plannedEnd: 'Planned until',
  left: (span: string) => `${span} left`,
  overdue: 'The planned end is over: alarms are no longer hidden',
  next: 'Next step',
  nextLead: {
    draft:
      'Nothing is hidden yet. When the work starts, alarms that it causes are hidden; safety alarms are not.',
    running: 'Alarms of this machine are hidden until the planned end; safety alarms are not.',
    acceptance_test: 'Alarms count again. The machine has to show what its test asks for.',
    verified: 'This repair is verified.',
    rejected: 'The machine is not well. Go back to work, or sign an exception for the whole test.',
    abandoned: 'This repair was given up.'
  } satisfies Record<SessionState, string>,
  why: 'Reason',
  whyHint: {
    draft: 'Such as: on site, machine locked out',
    running: 'Such as: assembled, machine runs again',
    acceptance_test: 'Such as: handed over; or: bearing still noisy',
    verified: '',
    rejected: 'Such as: spare part arrived',
    abandoned: ''
  } satisfies Record<SessionState, string>,
  whyMissing: 'Give a reason first.',
  gateClosed: 'The gate is still closed.',
  extend: 'More time…',
  extending: 'Plan more time',
  extendingLead: 'Alarms stay hidden until the new end.',
  extendBy: 'How long from now',
  extendSubmit: 'Move the end',

  entry: {
    title: 'Write down',
    kind: 'What',
    kinds: { note: 'Note', step_done: 'Step done', part_used: 'Part in', part_removed: 'Part out' },
    hints: {
      note: 'What did you see?',
      step_done: 'What is done?',
      part_used: 'Anything to add',
      part_removed: 'Anything to add'
    },
    text: 'Text',
    partNumber: 'Part number',
    serial: 'Serial number',
    quantity: 'Quantity',
    textMissing: 'Write something first.',
    partMissing: 'Give the part number and a quantity.',
    submit: 'Add',
    photo: 'Photo or document',
    sending: (name: string) => `Sending ${name}…`,
    caption: 'What it shows',
    send: 'Send',
    retry: 'Send again',
    tooLarge: 'A photo or document may have at most 16 MiB.',
    correct: 'Correct',
    correcting: (what: string) => `Corrects: ${what}`,
    stopCorrecting: 'Do not correct'
  },

  axis: {
    title: 'What happened',
    empty: 'Nothing yet.',
    moved: (from: string, to: string) => `${from} → ${to}`,
    extended: 'More time planned',
    corrects: 'corrects an earlier entry',
    corrected: 'corrected later',
    part: (p: { used: boolean; number: string; quantity: string; serial: string | null }) =>
      `${p.used ? 'Part in' : 'Part out'}: ${p.quantity} × ${p.number}${p.serial ? `, serial ${p.serial}` : ''}`,
    arrived: (name: string) => `${name} arrived`,
    personLeft: (name: string) => `${name} left`,
    measured: 'Measured by hand',
    roles: { technician: 'technician', customer: 'customer' },
    paused: (text: string) => `Paused: ${text}`,
    resumed: (text: string) => (text ? `Work goes on: ${text}` : 'Work goes on'),
    signedOff: (name: string, role: string) => `Signed by ${name} (${role})`,
    confirmed: (check: string, name: string) => `${name} confirmed: ${check}`,
    exception: (check: string | null, name: string) =>
      check
        ? `${name} signed an exception: ${check}`
        : `${name} signed an exception for the whole test`,
    judged: (version: number, word: string) => `Verdict ${version}: ${word}`,
    leftSite: (name: string) => `${name} left the site`,
    attached: 'Photo',
    document: 'Document',
    hiddenAlarm: 'Hidden alarm',
    writtenLater: (when: string) => `written down ${when}`
  },

  hiddenAlarms: {
    title: 'Alarms hidden by the work',
    none: 'None so far.',
    still: (n: number) => `${plural(n, 'condition holds', 'conditions hold')} now`,
    holds: 'Holds now',
    over: 'Over'
  },

  acceptance: {
    title: 'Acceptance test',
    none: 'There is no acceptance test for this model or kind of machine.',
    notBegun: 'It begins when the work is done.',
    version: (name: string, version: number) => `${name}, version ${version}`,
    confirm: 'Confirm',
    confirmLabel: 'Who saw it',
    confirmed: (name: string, when: string) => `Confirmed by ${name}, ${when}`,
    exception: 'Sign an exception…',
    excepted: (name: string, why: string) => `Exception signed by ${name}: ${why}`,
    signing: 'Sign an exception',
    signingOne: (check: string) => `For: ${check}`,
    signingAll: 'For the whole test. It opens the gate until work or another test begins.',
    name: 'Who answers for it',
    nameMissing: 'Give a name first.',
    whyLabel: 'Why it may be left so',
    sign: 'Sign',
    atLeast: (value: string) => `at least ${value}`,
    atMost: (value: string) => `at most ${value}`,
    asksWithin: (band: string, span: string, underLoad: boolean) =>
      `Asked: ${band}, for ${span}${underLoad ? ' under load' : ''}`,
    asksReaches: (band: string, span: string) => `Asked: ${band}, within ${span}`,
    asksVerdict: (word: string) => `Asked: the verdict says at least ${word}`,
    held: (span: string) => `held ${span}`,
    reached: (value: string, at: string) => `reached ${value} at ${at}`,
    outside: (value: string, at: string) => `${value} at ${at} was outside`,
    readings: (n: number) => plural(n, 'reading', 'readings')
  },

  gate: {
    title: 'Leave-site gate',
    open: 'You may leave',
    closed: 'Do not leave yet',
    missing: 'First, in this order:',
    failed: (check: string) => `${check}: failed`,
    notShown: (check: string) => `${check}: not shown yet`,
    left: (when: string) => `Somebody left with the gate open, ${when}.`,
    name: 'Who leaves',
    leave: 'Leave the site',
    exception: 'I have to leave all the same…'
  },

  judged: {
    title: 'Did the repair work?',
    noneLead:
      'It compares the readings after the repair with those before it and with the healthy machine.',
    tooEarly: 'It needs readings after the work: begin the acceptance test first.',
    make: 'Make the verdict',
    again: 'Make it anew',
    symptom: 'The fault changes the load itself (as a clogged pump draws less current)',
    making: 'Comparing the readings…',
    version: (n: number, when: string, who: string) => `Version ${n}, ${when}, ${who}`,
    versions: 'Version',
    byLoad: (name: string) => `Compared at equal ${name.toLowerCase()}.`,
    noLoad: 'No load was taken into account.',
    windows: { healthy: 'Healthy', before: 'Before', during: 'During', after: 'After' },
    window: (from: string, to: string) => `${from} to ${to}`,
    whole: 'Whole time',
    around: 'Around the repair',
    zoom: 'Time shown',
    change: 'Change',
    distance: 'From healthy',
    tolerance: 'Tolerance',
    interval: (low: string, high: string, percent: number) => `${low} to ${high} (${percent} %)`,
    plusMinus: (value: string) => `± ${value}`,
    spread: 'Scatter, to healthy',
    ratio: (n: number) => `× ${n.toFixed(2)}`,
    open: 'Not known',
    window_: 'Window',
    readings: 'Readings',
    matched: 'At equal load',
    worth: 'Worth independent',
    covered: 'Covered',
    thinned: (window: string, read: number, of: number) =>
      `${window}: about ${read} of ${of} readings were judged`,
    method: 'How it was judged',
    chart: (name: string) => `${name} with the windows of the verdict`,
    effectChart: (name: string) => `Distance of ${name} from the healthy machine, before and after`,
    healthyBand: 'healthy, within tolerance'
  }
};
