import type { ReservationState, WorkOrderState } from '$lib/api/types';

const state: Record<WorkOrderState, string> = {
  draft: 'Draft',
  unscheduled: 'Waits for a visit',
  scheduled: 'Scheduled',
  dispatched: 'Dispatched',
  in_progress: 'In progress',
  on_hold: 'On hold',
  completed: 'Completed',
  verifying: 'Verifying',
  closed: 'Closed',
  cancelled: 'Cancelled',
  reopened: 'Reopened'
};

const partState: Record<ReservationState, string> = {
  wanted: 'Wanted',
  reserved: 'Reserved',
  picked: 'You have it',
  used: 'Used',
  released: 'Not needed'
};

/** A work order, beside the machine. */
export const work = {
  title: 'Work order',
  back: 'My day',
  state,
  ticket: 'Ticket',
  promisedBy: (when: string) => `Promised by ${when}`,
  planned: (span: string) => `${span} planned`,
  held: (why: string) => `On hold: ${why}`,
  toDo: 'What is to be done',
  visit: 'Visit',
  who: (name: string) => `Technician: ${name}`,
  noVisit: 'No visit is planned.',
  reason: 'Reason',
  reasonMissing: 'Give a reason first.',

  steps: {
    title: 'Steps',
    none: 'No steps were written down for it.',
    done: (n: number, of: number) => `${n} of ${of} done`,
    by: (who: string, when: string) => `${who}, ${when}`
  },

  next: {
    title: 'Next step',
    lead: {
      waiting: 'No visit is planned; the dispatcher plans one.',
      travel: 'Say when you leave, so that everybody knows.',
      arrive: 'Say when you are beside the machine. The work order is then in progress.',
      start:
        'Start the repair: alarms that the work causes are hidden, its readings are kept apart.',
      working: 'The repair is under way.',
      paused: 'The work rests.',
      test: 'The machine has to show that it is well.',
      rejected: 'The machine is not well. Go back to work.',
      handOver: 'The machine has shown that it is well.',
      hold: 'The work waits. Its clocks stand still.',
      over: 'Nothing more is to be done here.'
    },
    start: 'Start the repair',
    pause: 'Pause',
    pausing: 'Pause the work',
    pausingLead: 'Alarms stay hidden until the planned end of the repair.',
    pauseSubmit: 'Pause',
    pauseReasons: ['A break', 'Waiting for a part', 'Another job comes first'],
    resume: 'Go on',
    test: 'Work is done: begin the test',
    again: 'Back to work',
    handOver: 'Hand over',
    repair: 'Repair, test and gate',
    hold: 'Hold…',
    missed: 'Nobody there…',
    finish: 'Done…',
    unhold: 'Take up again',
    /** Goes into the history. */
    why: {
      started: 'work begins',
      test: 'assembled, the machine runs again',
      again: 'back to work',
      handOver: 'handed over',
      unhold: 'the work goes on'
    }
  },
  holding: {
    title: 'Put on hold',
    lead: 'The visit ends here. The work order waits, and nobody is late meanwhile.',
    reasons: ['A part is missing', 'No access to the machine', 'The customer asked to wait'],
    submit: 'Put on hold'
  },
  missing: {
    title: 'The visit could not take place',
    lead: 'The work order waits for another visit.',
    reasons: ['Nobody was there', 'No access', 'The machine is in use'],
    submit: 'Say so'
  },
  finishing: {
    title: 'The work is done',
    lead: 'The visit ends, and the work order is completed.',
    open: 'Still open',
    steps: (n: number) => (n === 1 ? 'One step is not ticked.' : `${n} steps are not ticked.`),
    parts: (n: number) => (n === 1 ? 'One part is not used.' : `${n} parts are not used.`),
    session: 'The repair is not verified: the machine has not shown that it is well.',
    what: 'What was done',
    whatMissing: 'Say in a few words what was done.',
    submit: 'Done'
  },

  parts: {
    title: 'Parts',
    none: 'No parts are kept for it.',
    state: partState,
    quantity: (n: number, unit: string) => `${n} ${unit}`,
    usedOf: (used: number, of: number) => `${used} of ${of} used`,
    from: (depot: string) => `from ${depot}`,
    pick: 'Take along',
    use: 'Used…',
    putBack: 'Put back',
    release: 'Not needed…',
    again: 'Look again',
    why: { picked: 'taken along', reserved: 'put back', again: 'asked again' },
    using: (part: string) => `Used: ${part}`,
    usingLead: 'What is left goes back to the depot. This cannot be taken back.',
    howMany: 'How many',
    quantityMissing: 'Say how many, at least 1.',
    howManyMissing: (most: number) => `Between 1 and ${most}.`,
    useSubmit: 'Used',
    useWhy: 'went into the machine',
    releasing: (part: string) => `Not needed: ${part}`,
    releasingLead: 'It is no longer kept for this work order.',
    releaseSubmit: 'Not needed',
    releaseReasons: ['The old part is fine', 'The wrong part'],
    add: 'Add a part',
    number: 'Part number or name',
    numberHint: 'Type it, or scan the code',
    search: 'Search',
    scanning: 'Scan a part',
    notFound: (text: string) => `No part is called “${text}”.`,
    reserve: (part: string) => `Keep ${part} for this work order`,
    reserveShort: 'Keep'
  },

  files: {
    title: 'Photos and voice notes',
    none: 'Nothing attached yet.',
    photo: 'Photo',
    file: 'File',
    voice: 'Voice note',
    stop: 'Stop',
    noMicrophone: 'The microphone cannot be used. Allow it in the browser.',
    tooShort: 'That was too short. Speak, then press Stop.',
    listen: 'Listen first',
    caption: 'What it shows',
    captionVoice: 'What it is about',
    send: 'Send',
    again: 'Send again',
    discard: 'Discard',
    sending: 'Sending…',
    tooLarge: 'A file may have at most 16 MiB.',
    recordingName: 'Voice note',
    document: 'Document',
    from: { request: 'from the request', ticket: 'from the ticket' },
    customer: 'the customer'
  },

  notes: {
    title: 'Quick note',
    lead: 'It goes on the time axis of the repair.',
    later: 'Notes can be written once the repair has begun.',
    hint: 'What did you see?',
    add: 'Add',
    added: 'Written down.',
    missing: 'Write something first.'
  },

  readings: {
    title: 'Live readings',
    none: 'Nothing is measured on this machine.',
    inside: 'Inside',
    outside: 'Outside',
    band: (range: string) => `allowed ${range}`,
    unknown: 'Its normal band is not known yet',
    old: (age: string) => `Measured ${age}`,
    trend: { rising: 'Rising', falling: 'Falling', steady: 'Steady' },
    noTrend: 'Too few readings for a trend',
    live: 'Charts'
  },

  signature: {
    title: 'Customer’s signature',
    ask: 'Let the customer sign…',
    lead: 'Sign with a finger, a pen or the mouse.',
    pad: 'Signature',
    clear: 'Clear',
    write: 'Write the name instead',
    name: 'Name',
    nameMissing: 'Say who signs.',
    penMissing: 'Sign in the field first.',
    statement: 'What is signed',
    stands: (machine: string) => `The work on ${machine} was done and handed over.`,
    statementMissing: 'Say what is signed.',
    submit: 'Sign',
    /** Title of the picture. */
    of: (name: string) => `Signature of ${name}`,
    signed: (name: string) => `Signed by ${name}.`
  }
};
