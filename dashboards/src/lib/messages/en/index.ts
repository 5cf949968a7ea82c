/** Every text on screen, in English: what the other languages have to say as well. */
import type { Condition, Role, TicketState } from '$lib/api/types';
import { alarms } from './alarms';
import { board } from './boards';
import { exports } from './exports';
import { knowledge } from './knowledge';
import { remarks } from './remarks';
import { field } from './field';
import { offline } from './offline';
import { repair } from './repairs';
import { rules } from './rules';
import { compare } from './compare';
import { customers } from './customers';
import { figures } from './figures';
import { search } from './search';
import { setup } from './setup';
import { planning } from './planning';
import { playbooks } from './playbooks';
import { policies } from './policies';
import { promises } from './promises';
import { requests } from './requests';
import { sites } from './sites';
import { tickets } from './tickets';
import { plural } from './plural';
import { work } from './work';

const condition: Record<Condition, string> = {
  waiting: 'Waiting',
  learning: 'Learning',
  normal: 'Normal',
  deviating: 'Deviating',
  silent: 'Silent'
};

const conditionMeaning: Record<Condition, string> = {
  waiting: 'No reading has arrived yet.',
  learning: 'Its normal work is being learnt.',
  normal: 'It works as learnt.',
  deviating: 'It does not work as learnt.',
  silent: 'Nothing has arrived lately.'
};

const state: Record<TicketState, string> = {
  open: 'Open',
  diagnosing: 'Diagnosing',
  resolved: 'Resolved',
  closed: 'Closed',
  cancelled: 'Cancelled'
};

const moveTo: Record<TicketState, string> = {
  open: 'Put back to open',
  diagnosing: 'Start diagnosing',
  resolved: 'Mark resolved',
  closed: 'Close ticket',
  cancelled: 'Cancel ticket'
};

const role: Record<Role, string> = {
  customer: 'Customer',
  customer_service: 'Customer service',
  technician: 'Technician',
  engineer: 'Engineer',
  quality: 'Quality',
  dispatcher: 'Dispatcher',
  manager: 'Manager',
  admin: 'Administrator',
  gateway: 'Gateway'
};

export const texts = {
  product: 'Aftercare',
  nav: {
    label: 'Main',
    today: 'My day',
    machines: 'Machines',
    alarms: 'Alarms',
    requests: 'Requests',
    tickets: 'Tickets',
    planning: 'Planning',
    sites: 'Sites',
    customers: 'Customers',
    figures: 'Figures',
    knowledge: 'Knowledge',
    boards: 'Boards',
    people: 'People',
    policies: 'Policies',
    import: 'Import',
    export: 'Export',
    more: 'More'
  },
  more: {
    title: 'More',
    places: 'Other places',
    you: 'You',
    language: 'Language',
    languageAuto: 'As the browser',
    theme: 'Appearance',
    themes: { auto: 'As the device', light: 'Light', dark: 'Dark' },
    units: 'Units',
    unitsOf: { auto: 'Usual here', metric: 'Metric (°C, bar)', us: 'US (°F, psi)' },
    here: 'On this device only.'
  },
  role,
  skip: 'Skip to content',
  cancel: 'Cancel',
  alarms,
  board,
  exports,
  knowledge,
  remarks,
  compare,
  repair,
  rules,
  setup,
  condition,
  conditionMeaning,
  state,
  moveTo,

  signIn: {
    title: 'Sign in to Aftercare',
    email: 'E-mail address',
    password: 'Password',
    submit: 'Sign in',
    empty: 'Fill in both fields first.',
    withToken: 'Use an API token instead',
    withPassword: 'Use e-mail and password instead',
    tokenLead:
      'Paste an API token, or open the login link that the server printed when it started.',
    token: 'API token',
    emptyToken: 'Paste a token first.'
  },
  newPassword: {
    title: 'Choose a password',
    lead: 'At least 10 characters. A few words that belong together only for you are best.',
    field: 'New password',
    again: 'The same again',
    different: 'The two are not the same.',
    submit: 'Set the password',
    done: 'Your password is set. Sign in with it.'
  },
  signOut: 'Sign out',

  connection: {
    connecting: 'Connecting',
    open: 'Live',
    lost: 'Connection lost',
    retry: 'Try now'
  },

  failed: {
    title: 'This could not be loaded',
    unreachable: 'The server does not answer. Check that it runs and that you are on its network.',
    retry: 'Try again',
    conflict: (word: string, allowed: string[]) =>
      allowed.length
        ? `Not possible: ${word} Possible now: ${allowed.join(', ')}.`
        : `Not possible: ${word}`,
    first: (word: string, missing: string[]) => `${word} First: ${missing.join('; ')}.`,
    notFound: 'There is nothing at this address.',
    home: 'Go to the machines'
  },
  loading: 'Loading…',
  time: { now: 'just now', ago: (span: string) => `${span} ago` },

  machines: {
    title: 'Machines',
    count: (n: number) => plural(n, 'machine', 'machines'),
    empty: 'No machines yet',
    emptyLead: 'A machine appears here once its sensor board reports and is adopted.',
    machine: 'Machine',
    state: 'State',
    values: 'Latest values',
    reading: 'Last reading',
    ticket: 'Open ticket',
    noTicket: 'None',
    noReading: 'None yet',
    noValues: 'No readings yet',
    more: (n: number) => `+${n} more`,
    search: 'Find a machine',
    noMatch: (text: string) => `No machine matches “${text}”.`
  },

  machine: {
    back: 'Machines',
    window: 'Time window',
    windows: { '2m': '2 min', '10m': '10 min', '1h': '1 h', '24h': '24 h' },
    normal: 'Normal',
    learning: 'Normal range not learnt yet',
    outside: 'Outside',
    noReadings: 'No reading in this window',
    noPoints: 'No measurement points',
    noPointsLead: 'Bind a board’s channels to this machine and their readings appear here.',
    until: 'Measured until',
    recorded: 'Not now: these readings were measured at the time shown.',
    serial: 'Serial',
    ticket: (number: string) => `Ticket ${number}`,
    openTicket: 'Open ticket',
    since: 'Since',
    chartOf: (name: string) => `Chart of ${name}`,
    at: 'at'
  },

  history: {
    title: 'History',
    of: (machine: string) => `History of ${machine}`,
    live: 'Live readings',
    span: 'Length',
    spans: {
      '1m': '1 min',
      '1h': '1 h',
      '1d': '1 day',
      '1w': '1 week',
      '30d': '30 days',
      '1y': '1 year'
    },
    from: 'From',
    to: 'To',
    earlier: 'Earlier',
    later: 'Later',
    closer: 'Closer',
    wider: 'Wider',
    newest: 'Newest',
    hint: 'Draw over a chart to look closer; the browser’s way back leads out again.',
    loading: 'Reading…',
    csv: 'Save as CSV',
    png: 'Save as picture',
    repair: 'Repair',
    bucket: (span: string) => `One value for ${span}: least, mean and greatest reading.`
  },

  tickets,
  playbooks,
  policies,
  promises,
  requests,
  customers,
  figures,
  search,
  planning,
  sites,
  field,
  work,
  offline,

  ticket: {
    back: 'Tickets',
    opened: 'Opened',
    began: 'Began',
    evidence: 'What deviates',
    around: 'Readings around the moment it began',
    history: 'History',
    noHistory: 'No steps recorded.',
    next: 'Next step',
    ended: (word: string) => `This ticket is ${word.toLowerCase()}; no further step is possible.`,
    why: 'Reason',
    whyHint: 'What did you see or do? It stays in the history.',
    probation: 'Watched until',
    whyMissing: 'Give a reason first.',
    despite: 'The machine still deviates. Close all the same.',
    moved: (from: string | null, to: string) => (from ? `${from} → ${to}` : to),
    point: 'Point',
    seen: 'Seen',
    expected: 'Expected',
    range: 'Normal range',
    unusual: 'How unusual',
    unusualTimes: (n: number) => `${n >= 100 ? Math.round(n) : n.toFixed(1)} × usual spread`,
    limitTimes: (n: number) => `${n.toFixed(1)} × the limit`,
    since: 'Since',
    began_mark: 'began',
    sentence: (p: {
      name: string;
      seen: string;
      expected: string;
      range: string;
      high: boolean;
      inside: boolean;
    }) =>
      p.inside
        ? `${p.name} read ${p.seen} where the other points led to expect ${p.expected}.`
        : `${p.name} read ${p.seen}, ${p.high ? 'above' : 'below'} its normal ${p.range}; ${p.expected} was expected.`,
    live: 'See it live'
  },

  boards: {
    title: 'Boards',
    lead: 'What reports, and what could not be taken in.',
    waiting: 'Waiting for adoption',
    waitingLead: 'These boards report, but nobody has said yet which machine they are on.',
    noneWaiting: 'No board waits.',
    adopted: 'Adopted',
    noneAdopted: 'No board has been adopted yet.',
    online: 'Online',
    offline: 'Offline',
    unknown: 'Not known',
    firstSeen: 'First seen',
    channel: 'Channel',
    lastValue: 'Last value',
    lastSeen: 'Last seen',
    bound: 'Bound to a point',
    unbound: 'Not bound',
    noChannels: 'No channel has reported.',
    channels: (n: number) => plural(n, 'channel', 'channels'),
    rejected: 'Rejected messages',
    rejectedLead:
      'Messages that could not be taken in. They are kept so that the sender can be mended.',
    noneRejected: 'Nothing has been rejected.',
    records: (n: number) => plural(n, 'record', 'records'),
    topic: 'Topic',
    reason: 'Reason',
    received: 'Received',
    sample: 'Sample'
  }
};

/** What every language says. */
export type Texts = typeof texts;
