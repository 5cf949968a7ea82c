import type { ChoiceWords, FieldLabels } from '$lib/policies/described';
import type { Unit } from '$lib/policies/shape';
import type { PolicyName } from '$lib/policies/shapes';
import { plural } from './plural';

const title: Record<PolicyName, string> = {
  intake: 'Requests from readings',
  approval: 'Approval of proposals',
  planning: 'Planning of visits',
  return: 'Returns',
  survey: 'Surveys and call-backs',
  care: 'Care reminders',
  loyalty: 'Loyalty points',
  drill: 'Drills',
  training: 'Training',
  reporting: 'Goals and costs in reports'
};

const lead: Record<PolicyName, string> = {
  intake: 'What comes into the queue without anybody asking. Holds for tickets opened from now on.',
  approval: 'Who has to approve a proposal. What is submitted goes on as it was submitted.',
  planning: 'How visits are suggested and booked. Visits that are planned stay.',
  return: 'For how long things are taken back, and how long each step may take.',
  survey: 'What customers are asked, and when. Open surveys are answered as they were asked.',
  care: 'What customers are reminded of. What is planned and not due any more is dropped.',
  loyalty: 'Points for customers. Points that were given stay.',
  drill: 'How often playbooks are drilled.',
  training: 'What is aimed at in training.',
  reporting: 'What figures are held against, and what service costs. Holds for all reports.'
};

const languages = {
  en: 'In English',
  'zh-Hans': 'In Simplified Chinese',
  'zh-Hant': 'In Traditional Chinese'
};

const fields: FieldLabels = {
  ApprovalPolicy: { rules: 'Chain of approval' },
  ApprovalRule: {
    role: 'Role',
    from: 'From a cost of',
    only_safety_relevant: 'Only for dangerous work'
  },
  Money: { minor: 'Amount', currency: 'Currency' },
  CarePolicy: {
    active: 'Customers are reminded',
    ahead_days: 'Planned ahead',
    late_days: 'Not sent any more after',
    hour: 'Sent at',
    rules: 'Reminders'
  },
  CareRule: {
    key: 'Short name, for good',
    kind: 'About',
    when: 'When',
    models: 'Only machines of the models',
    segments: 'Only customers of the segments',
    advice: 'What is said'
  },
  CareWhen: { is: 'When', days: 'How many', since: 'Counted', months: 'Every' },
  CareAdvice: languages,
  DrillPolicy: { every_days: 'Each playbook again after' },
  IntakePolicy: {
    requests_from_readings: 'An alarm that opens a ticket makes a request as well',
    tell_customers: 'The customer’s contact is told at once'
  },
  LoyaltyPolicy: {
    survey_answered: 'For an answered survey',
    suggestion_adopted: 'For a suggestion that is adopted'
  },
  PlanningPolicy: {
    auto_dispatch: 'What waits for its first visit',
    auto_dispatch_priorities: 'For these priorities',
    horizon_days: 'Planned ahead',
    lead_minutes: 'Nobody is sent out in less than',
    reminder_hours: 'Reminders before a visit',
    speed_km_h: 'Speed on the road',
    detour: 'Road against the straight line',
    unknown_way_minutes: 'Way to a site whose place is not known',
    travel: 'Weight of a minute on the way',
    wait: 'Weight of a minute until the visit',
    late: 'Weight of a minute after the promised time',
    load: 'Weight of a day that is full'
  },
  ReportingPolicy: {
    currency: 'Currency',
    labour_hour_minor: 'An hour of work on site',
    visit_minor: 'A visit, with the way',
    goals: 'Goals'
  },
  KpiGoal: { kpi: 'Figure', is: 'Side', figure: 'Goal' },
  ReturnPolicy: {
    return_days: 'Money back for',
    exchange_days: 'Exchanged for',
    repair_exchange_days: 'Repaired or exchanged for',
    hours: 'How long each step may take',
    priority_lane_hours: 'The same for customers who go first',
    reasons: 'Reasons'
  },
  StepHours: {
    requested: 'Until somebody decides',
    approved: 'Until it is arranged how it comes',
    awaiting: 'Until it is here',
    received: 'Until somebody has looked at it',
    inspected: 'Until the customer has what they asked for',
    settled: 'Until it is closed'
  },
  ReturnReason: { code: 'Short name', words: 'What customers read' },
  ReasonWords: languages,
  SurveyPolicy: {
    satisfied_from: 'Satisfied from',
    open_days: 'Can be answered for',
    call_back_days: 'Called back within (0: nobody calls)',
    call_back_notice_hours: 'Callers are told before it is due',
    every_months: 'Asked again about the whole service after (0: never)',
    criteria: 'Criteria'
  },
  Criterion: { key: 'Short name', subject: 'About', weight: 'Weight' },
  TrainingPolicy: { coverage_percent: 'Of those who have to, have passed' },
  SlaPolicy: {
    targets: 'Promises',
    due_soon_percent: 'Due soon when so much time is used up',
    goals: 'Goals over many cases'
  },
  SlaTarget: {
    kind: 'What',
    priority: 'Priority',
    seconds: 'Within',
    calendar: 'Hours that count'
  },
  Goal: { name: 'Figure', is: 'Side', figure: 'Goal', unit: 'Unit' }
};

const choices: ChoiceWords = {
  AutoDispatch: {
    off: 'Nothing by itself',
    suggest: 'Is suggested a visit',
    book: 'Is booked a visit'
  },
  CareKind: {
    greeting: 'Greeting',
    tip: 'Tip',
    maintenance: 'Maintenance',
    warranty: 'Warranty'
  },
  CareSince: { purchase: 'from the purchase', closed_ticket: 'from a closed ticket' },
  CareWhen: {
    days_after: 'Days after something',
    every_months: 'Every so many months',
    before_warranty_ends: 'Days before the warranty ends'
  },
  GoalSide: { at_least: 'At least', at_most: 'At most' },
  SurveySubject: { product: 'Product', service_attitude: 'Service attitude', support: 'Support' }
};

const unit: Record<Unit, string> = {
  days: 'days',
  hours: 'hours',
  minutes: 'minutes',
  months: 'months',
  percent: 'percent',
  kmh: 'km/h',
  points: 'points',
  oclock: 'o’clock',
  ofFive: 'of 5',
  times: 'times'
};

/** Rules of the house. */
export const policies = {
  title: 'Policies',
  titleOf: title,
  leadOf: lead,
  fields,
  choices,
  unit,
  lead: 'The rules of the house: who changed what, when and why. The newest version holds.',
  none: 'No policy is open to you.',
  comesWith: 'As it comes with the system',
  version: (n: number) => `Version ${n}`,
  about: (p: { version: number; by: string; when: string }) =>
    `Version ${p.version} by ${p.by}, ${p.when}`,
  byWhen: (by: string, when: string) => `${by}, ${when}`,
  held: 'In force',
  older: 'This is an older version. It does not hold any more.',
  toNewest: 'The one in force',
  versions: 'Versions',
  change: 'Change…',
  take: 'Change from this version…',
  undo: 'Drop changes',
  changed: 'Changed here, not in force',
  unchanged: 'Nothing is changed yet',
  save: 'Put into force',
  saveTitle: 'Put this into force?',
  saveLead: 'It holds from now on, with your name and the reason.',
  differences: 'What changes',
  added: (what: string) => `Added: ${what}`,
  removed: (what: string) => `Removed: ${what}`,
  from: (before: string, after: string) => `${before} → ${after}`,
  order: 'The order',
  why: 'Reason',
  whyMissing: 'Give a reason first.',
  incomplete: (field: string) => `“${field}” is not filled in.`,
  overtaken: 'Somebody else has changed it meanwhile. Open it anew and look at theirs first.',
  yes: 'Yes',
  no: 'No',
  nothing: 'None',
  all: 'All',
  always: 'Any cost',
  allHours: 'Every hour',
  commas: 'Separated by commas; empty: all',
  row: (n: number) => `Line ${n}`,
  add: 'Add a line',
  remove: (what: string) => `Remove ${what}`,
  up: (what: string) => `Move ${what} up`,
  lengthUnit: 'Unit of time',
  levels: {
    title: 'Service levels',
    lead: 'What customers are promised, and until when. A contract says which one holds; without one it is the default.',
    count: (n: number) => plural(n, 'service level', 'service levels'),
    isDefault: 'Default',
    of: (name: string) => `Service level ${name}`,
    saveLead:
      'What is under way is due anew. What was promised stays on record, and so does what is late.',
    promises: (n: number) => plural(n, 'promise', 'promises'),
    copy: 'Copy as a new one…',
    copying: (name: string) => `A new service level from ${name}`,
    copyingLead: 'Nobody is promised anything by it before it is the default or in a contract.',
    name: 'Name',
    nameWrong: 'Give it a name of letters, digits, hyphens and underscores.',
    taken: 'There is a service level of that name.',
    copySubmit: 'Make it',
    choose: 'Make it the default…',
    choosing: (name: string) => `Make ${name} the default?`,
    choosingLead: 'For promises that are made from now on, where no contract says otherwise.',
    chooseSubmit: 'Make it the default',
    preview: 'What it would promise',
    previewLead: 'By the version in force, for something that begins then and there.',
    priority: 'Priority',
    begins: 'Begins',
    zone: 'Time zone of the site',
    dueSoon: 'Due soon',
    due: 'Due',
    never: 'Never',
    now: (name: string) => `${name}, default now`,
    noPromise: 'Nothing is promised for this priority.'
  }
};
