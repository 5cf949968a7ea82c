import type { AlarmClass, AlarmState, Priority, SuspensionKind } from '$lib/api/types';
import { plural } from './plural';

const state: Record<AlarmState, string> = {
  unacknowledged_active: 'Active, not acknowledged',
  acknowledged_active: 'Active, acknowledged',
  unacknowledged_cleared: 'Over, not acknowledged',
  normal: 'Over',
  latched_unacknowledged: 'Latched, not acknowledged',
  latched_acknowledged: 'Latched, acknowledged',
  shelved: 'Shelved',
  suppressed_by_design: 'Suppressed by design',
  out_of_service: 'Out of service'
};

const meaning: Record<AlarmState, string> = {
  unacknowledged_active: 'Its condition holds and nobody has seen it.',
  acknowledged_active: 'Its condition holds and somebody looks after it.',
  unacknowledged_cleared: 'Its condition is over and nobody has seen it.',
  normal: 'Its condition is over and was seen.',
  latched_unacknowledged: 'Its condition is over; it stays until it is reset. Nobody has seen it.',
  latched_acknowledged: 'Its condition is over; it stays until it is reset.',
  shelved: 'Hidden for a while, by a person or by a running repair.',
  suppressed_by_design: 'Hidden while another alarm explains it.',
  out_of_service: 'Hidden while the machine is maintained or out of service.'
};

const priority: Record<Priority, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low'
};

const alarmClass: Record<AlarmClass, string> = {
  machine: 'Machine',
  safety: 'Safety',
  sensor: 'Sensor',
  system: 'System'
};

/** What hides alarms, as the beginning of a sentence. */
const hiddenBy: Record<SuspensionKind, string> = {
  shelved: 'Shelved',
  maintenance: 'Hidden by maintenance',
  out_of_service: 'Hidden: out of service',
  by_design: 'Hidden by another alarm',
  repair_session: 'Hidden by a running repair'
};

export const alarms = {
  title: 'Alarms',
  state,
  meaning,
  priority,
  class: alarmClass,
  hiddenBy,
  hidden: (p: { kind: SuspensionKind; until: string | null; by: string; reason: string }) =>
    `${hiddenBy[p.kind]}${p.until ? ` until ${p.until}` : ''}: ${p.reason} (${p.by})`,
  hiding: {
    title: 'What hides alarms now',
    of: (machine: string, tag: string | null) => (tag ? `${machine}: ${tag}` : machine),
    planned: (when: string) => `planned from ${when}`,
    count: (n: number) => `hid ${plural(n, 'alarm', 'alarms')} so far`,
    end: 'End…',
    ending: 'End it now',
    endingLead: 'Alarms whose condition holds come out unacknowledged.',
    endSubmit: 'End it'
  },
  count: (n: number) => plural(n, 'alarm', 'alarms'),
  unacknowledged: (n: number) =>
    plural(n, 'unacknowledged active alarm', 'unacknowledged active alarms'),
  empty: 'No alarm needs anybody',
  emptyLead:
    'An alarm appears here by itself when a machine, a sensor or a part of this system does not do as it should.',
  none: 'No alarm fits these filters',
  clear: 'Clear the filters',
  more: 'Show older alarms',
  machine: 'Machine',
  priorityHead: 'Priority',
  classHead: 'Class',
  since: 'Since',
  times: 'Times',
  timesRaised: (n: number) => plural(n, 'time', 'times'),
  chatters: 'chatters',
  escalated: (n: number) => `Escalated ${plural(n, 'time', 'times')}: nobody acknowledged it`,
  ticket: (number: string | null) => (number ? `Ticket ${number}` : 'Ticket'),
  flood: (n: number, since: string) =>
    `Flood of alarms: ${n} since ${since}. The most urgent come first.`,
  floodShow: 'Only these',
  filter: {
    label: 'Filters',
    view: 'Show',
    open: 'Open',
    all: 'All',
    any: 'Any',
    hidden: 'Hidden',
    hiddenYes: 'Only hidden',
    hiddenNo: 'Not hidden',
    flood: 'Only of one flood'
  },

  acknowledge: 'Acknowledge',
  reset: 'Reset',
  shelve: 'Shelve…',
  unshelve: 'Unshelve…',
  shelving: 'Shelve this alarm',
  shelvingLead:
    'It stays hidden and opens no ticket, and comes out by itself when the time is over.',
  forHowLong: 'For how long',
  spans: { '15m': '15 min', '1h': '1 h', '4h': '4 h', '24h': '24 h' },
  reason: 'Reason',
  reasonMissing: 'Give a reason first.',
  shelveSubmit: 'Shelve',
  unshelving: 'Take it from the shelf',
  unshelvingLead:
    'If its condition holds, it comes out unacknowledged and opens or joins its ticket.',
  unshelveSubmit: 'Unshelve',

  back: 'Alarms',
  history: 'History',
  facts: 'About this alarm',
  raised: 'Raised',
  lastRaised: 'Raised last',
  cleared: 'Over since',
  acknowledgedBy: 'Acknowledged',
  tag: 'Tag',
  latches: 'Latches',
  yes: 'Yes',
  raisedAs: (word: string) => `raised as ${word.toLowerCase()}`,
  openRepair: 'Open the repair',
  by: (who: string, when: string) => `${who}, ${when}`
};
