/** What boards are told and what they say about themselves. */
export const board = {
  firmware: (name: string) => `Firmware ${name}`,
  health: {
    good: 'Good',
    failure: 'Failure',
    function_check: 'Function check',
    out_of_specification: 'Out of specification',
    maintenance_required: 'Maintenance required'
  } as Record<string, string>,
  cause: {
    none: '',
    missing: 'the sensor does not answer',
    bus: 'the sensor answers with errors',
    open_circuit: 'open circuit',
    short_circuit: 'short circuit',
    stuck: 'the value no longer moves',
    range: 'outside the range',
    rate: 'changes faster than it can',
    calibration: 'the calibration is being changed',
    unsteady: 'errors come and go'
  } as Record<string, string>,
  since: (when: string) => `since ${when}`,
  commands: 'Told to the board',
  commandsLead: 'Sealed for this board alone. It is handed over for an hour, also if it is away.',
  noKey: 'Issue a password first: with it the board gets its key for commands.',
  none: 'Nothing yet.',
  waiting: (until: string) => `waits for the board until ${until}`,
  expired: 'the board did not answer in time',
  done: (when: string) => `done ${when}`,
  refused: (why: string) => `refused: ${why}`,
  tell: 'Tell the board…',
  telling: (id: string) => `Tell ${id}`,
  what: 'What',
  kinds: {
    identify: 'Show which board it is',
    burst: 'Measure fast for a while',
    interval: 'Change how often it measures',
    time: 'Take the time from the server',
    reboot: 'Start anew',
    calibrate: 'Correct a channel on the board'
  } as Record<string, string>,
  every: 'Milliseconds between two readings',
  minutes: 'For how many minutes',
  seconds: 'For how many seconds',
  channel: 'Channel',
  allChannels: 'All channels',
  tellSubmit: 'Tell it',
  fast: (ms: string, minutes: string) => `every ${ms} ms for ${minutes} min`,
  often: (ms: string, channel: string) => `every ${ms} ms, ${channel}`,
  fastEnds: 'no longer',
  fastPanel: {
    title: 'Fast readings',
    lead: 'The boards on this machine can measure ten times a second while the work is under way. It ends by itself.',
    start: 'Measure fast for an hour',
    stop: 'End it now',
    until: (when: string) => `Measures fast until ${when}`,
    asked: 'Asked; the board has not answered yet',
    usual: 'Measures as usual'
  },
  said: 'What it said',
  nothingSaid: 'This board says nothing about itself.',
  boot: {
    power: 'Started: power came',
    watchdog: 'Started anew: it had hung',
    command: 'Started anew: it was told to',
    panic: 'Started anew after a fault',
    other: 'Started anew'
  } as Record<string, string>,
  answered: 'Did what it was told',
  answerRefused: (why: string) => `Did not do what it was told: ${why}`,
  healthOf: (channel: string, health: string) => `${channel}: ${health}`,
  lost: (n: number) =>
    n === 1
      ? 'One reading was lost: its memory was full'
      : `${n} readings were lost: its memory was full`,
  key: 'Key for commands'
};
