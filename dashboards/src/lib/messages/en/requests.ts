import type {
  MessageKind,
  RequestChannel,
  RequestKind,
  RequestPriority,
  RequestState,
  Scope,
  Urgency
} from '$lib/api/types';
import { plural } from './plural';

const channel: Record<RequestChannel, string> = {
  web_form: 'Web form',
  portal: 'Portal',
  email: 'E-mail',
  webhook: 'Program',
  wecom: 'In WeCom',
  wechat: 'In WeChat',
  dingtalk: 'In DingTalk',
  phone: 'Phone',
  visit: 'Visit',
  suggestion_box: 'Suggestion box',
  readings: 'Readings'
};

const state: Record<RequestState, string> = {
  received: 'Received',
  classified: 'Classified',
  ticketed: 'Ticketed',
  answered: 'Answered',
  closed: 'Closed',
  rejected: 'Rejected'
};

const moveTo: Record<RequestState, string> = {
  received: 'Take the rejection back',
  classified: 'Open again',
  ticketed: 'Open a ticket',
  answered: 'Answer',
  closed: 'Close request',
  rejected: 'Reject'
};

const priority: Record<RequestPriority, string> = {
  urgent: 'Urgent',
  high: 'High',
  normal: 'Normal',
  low: 'Low'
};

const urgency: Record<Urgency, string> = { urgent: 'Urgent', general: 'General', minor: 'Minor' };
const urgencyMeans: Record<Urgency, string> = {
  urgent: 'Danger, or work stands still',
  general: 'Work is hindered',
  minor: 'It can wait'
};

const scope: Record<Scope, string> = { global: 'Global', local: 'Local', individual: 'Individual' };
const scopeMeans: Record<Scope, string> = {
  global: 'Many customers, or all of one',
  local: 'A site',
  individual: 'One machine or person'
};

const kind: Record<RequestKind, string> = {
  product_quality: 'Product',
  service_attitude: 'Service',
  after_sales_support: 'Help'
};
const kindMeans: Record<RequestKind, string> = {
  product_quality: 'The product',
  service_attitude: 'How somebody of ours behaved',
  after_sales_support: 'They need help'
};

const message: Record<MessageKind, string> = {
  received: 'They wrote',
  answer: 'Answer',
  question: 'Question',
  note: 'Note'
};

/** What people ask for, from the first word to the end. */
export const requests = {
  title: 'Requests',
  count: (n: number) => plural(n, 'request', 'requests'),
  emptyLead: 'What people ask for, through any channel, appears here.',
  noneOpen: 'No open requests',
  noneFits: 'No request fits these filters',
  orders: { urgent: 'Most urgent', newest: 'Newest' },
  orderBy: 'Order',
  older: 'Show older requests',
  number: 'Number',
  what: 'What and who',
  priorityHead: 'Priority',
  stateHead: 'State',
  promise: 'First response',
  received: (when: string) => `received ${when}`,
  unclassified: 'Not said yet',
  noPromise: 'Nothing promised',
  answeredAlready: 'Given',
  onTicket: 'With its ticket',
  filter: {
    search: 'Find a request',
    searchHint: 'Number or words of what was said',
    open: 'Open',
    waiting: 'To be looked at',
    all: 'All',
    any: 'Any',
    channel: 'Channel'
  },
  channel,
  state,
  moveTo,
  priority,
  urgency,
  urgencyMeans,
  scope,
  scopeMeans,
  kind,
  kindMeans,
  message,
  highRisk: 'High risk',
  highRiskMeans: 'This customer is flagged: take care.',
  fastLane: 'Fast lane',
  fastLaneMeans: 'Goes before the others.',

  add: {
    open: 'New request',
    title: 'New request',
    lead: 'While the person is on the phone or at the counter.',
    channel: 'It comes by',
    who: 'Who asks?',
    whoHint: 'Name, phone or e-mail',
    phone: 'Phone',
    email: 'E-mail',
    machine: 'Which machine?',
    machineHint: 'Name, serial number, or code on its label',
    text: 'What is it about?',
    language: 'Language of the person',
    submit: 'Write it down',
    textMissing: 'Write down what it is about first.',
    partlyClassified: 'Say urgency, scope and kind, or none of them.'
  },

  choose: {
    other: 'Choose another',
    noneFound: 'Nothing found. What you typed is kept as it is.',
    nothing: 'Nothing found.',
    found: (n: number) => plural(n, 'result', 'results')
  },

  back: 'Requests',
  talk: 'What was said',
  talkWith: {
    received: 'They wrote',
    answer: 'Our answer',
    question: 'Our question',
    note: 'Note between colleagues'
  } satisfies Record<MessageKind, string>,
  somebody: 'Somebody',
  write: {
    label: 'Write',
    kinds: 'What you write',
    means: {
      answer: 'The person reads it; with it the request is answered.',
      question: 'The person reads it; the state of the request stays.',
      note: 'Only colleagues read it.'
    },
    answerLater: 'Classify the request first: only then can it be answered.',
    hint: { answer: 'Dear …', question: 'What do you need to know?', note: 'For colleagues' },
    send: { answer: 'Send answer', question: 'Send question', note: 'Keep note' },
    missing: 'Write something first.'
  },
  files: {
    title: 'Files',
    none: 'No files',
    attach: 'Attach a file',
    sending: (name: string) => `Sending ${name}…`,
    tooLarge: 'That file is larger than 16 MiB.',
    theirs: 'from the person',
    seen: 'The person sees what is attached here.'
  },

  whose: {
    title: 'Whose it is',
    customer: 'Customer',
    contact: 'Contact',
    site: 'Site',
    machine: 'Machine',
    told: 'As they said',
    unknown: 'Not known',
    unproved: 'An address is not proved by being written: look before you send or open something.',
    change: 'Change…',
    changeTitle: 'Whose request it is',
    changeLead: 'A machine tells its site and customer, a contact their customer.',
    ticketed: 'It has a ticket: it stays with the machine of the ticket.',
    subject: 'Subject',
    subjectMissing: 'Give it a subject.',
    takeAway: 'Take away',
    save: 'Save',
    reason: 'Reason',
    reasonUsual: 'Clarified with the person'
  },

  classify: {
    title: 'Priority',
    lead: 'Say three things; the table says the priority.',
    urgency: 'Urgency',
    scope: 'Scope',
    kind: 'Kind',
    byTable: (word: string) => `The table says: ${word}`,
    overrule: 'Give it another priority',
    priority: 'Priority',
    asTable: 'As the table says',
    why: 'Why another',
    whyMissing: 'Say why the table is overruled.',
    missing: 'Say urgency, scope and kind first.',
    submit: 'Classify',
    again: 'Classify anew…',
    overruled: 'The table was overruled',
    version: (n: number) => `By version ${n} of the priority table`,
    put: 'Cancel'
  },

  same: {
    title: 'Maybe the same',
    lead: 'By the same person or about the same machine, in the last days.',
    is: 'It is the same',
    asking: (number: string) => `The same as ${number}?`,
    askingLead: (number: string) =>
      `This request is rejected as a duplicate, and goes on as ${number}. It can be taken back.`,
    submit: 'Yes, the same',
    why: (number: string) => `the same as ${number}`,
    duplicate: 'Handled with another request'
  },

  playbooks: {
    title: 'Playbooks that fit',
    show: 'Show steps',
    running: 'Under way',
    within: (minutes: number, role: string) => `within ${minutes} min · ${role}`,
    contacts: 'Whom to call',
    material: 'What has to be at hand'
  },

  next: {
    title: 'Next step',
    reason: 'Reason',
    reasonHint: 'It stays in the history.',
    reasonMissing: 'Give a reason first.',
    classifyFirst: 'Classify it: then it can be answered or become a ticket.',
    ticket: 'Open a ticket',
    ticketTitle: 'Open a ticket',
    ticketLead: (machine: string, word: string) => `At ${machine}, with the priority ${word}.`,
    ticketName: 'Title',
    ticketNameMissing: 'Give the ticket a title.',
    machineFirst: 'Say which machine it is about, and a ticket can be opened.',
    goTicket: (number: string) => `Ticket ${number}`
  },

  follow: {
    title: 'Link for the person',
    lead: 'They follow the request with it, without an account. Tell it to nobody else.',
    link: 'Link',
    open: 'See what they see'
  },

  promised: {
    title: 'First response',
    none: 'Nothing is promised at the moment.',
    given: (when: string) => `Given ${when}`
  },

  history: {
    title: 'History',
    none: 'Nothing was changed yet.',
    field: {
      subject: 'Subject',
      customer_id: 'Customer',
      contact_id: 'Contact',
      site_id: 'Site',
      asset_id: 'Machine',
      urgency: 'Urgency',
      scope: 'Scope',
      kind: 'Kind',
      priority: 'Priority',
      ticket_id: 'Ticket',
      duplicate_of: 'The same as'
    } as Readonly<Record<string, string>>,
    set: (field: string) => `${field} entered`,
    gone: (field: string) => `${field} taken away`,
    changed: (field: string, from: string, to: string) => `${field}: ${from} → ${to}`,
    became: (field: string, to: string) => `${field}: ${to}`
  }
};
