import { plural } from './plural';

/** A technician's day. */
export const field = {
  title: 'My day',
  today: 'Today',
  tomorrow: 'Tomorrow',
  overdue: 'Not ended yet',
  overdueLead: 'Visits of the days before that nobody has ended.',
  nothingToday: 'No visit today.',
  noVisits: 'No visits planned',
  noVisitsLead: 'Visits that are planned for you in the next days appear here.',
  notATechnician:
    'You are signed in without an account of your own, so no visit can be planned for you.',
  count: (n: number) => plural(n, 'visit', 'visits'),
  first: 'Next',

  step: { travelling: 'On my way', on_site: 'I have arrived' },
  /** Goes into the history. */
  why: { travelling: 'on the way', on_site: 'arrived' },
  open: 'Work order',
  work: 'Go on with the work',
  notNext: (number: string) => `${number} comes before it`,
  notNextLead: {
    travelling: 'Are you on your way to this visit all the same?',
    on_site: 'Have you arrived at this one all the same?'
  },

  noSite: 'Site not known',
  directions: 'Directions',
  directionsTo: (site: string) => `Directions to ${site}`,
  call: (name: string) => `Call ${name}`,
  callShort: 'Call',
  access: 'Access',

  find: 'Find a machine',
  findLead: 'By the code on its label.',
  code: 'Code on the label',
  codeHint: 'Such as 7K2M-9QXA',
  codeMissing: 'Type the code first.',
  codeUnknown: 'No machine has this code. Look at the label again: every sign counts.',
  show: 'Show it',
  scan: 'Scan',
  scanning: 'Scan a label',
  scanningLead: 'Hold the camera over the code.',
  noCamera: 'The camera cannot be used. Allow it in the browser, or type the code.'
};
