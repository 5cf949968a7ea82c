/** What has to be known about a stretch of readings. */
export const remarks = {
  title: 'About these readings',
  none: 'Nothing was noted, came late, was corrected or deleted here.',
  annotate: 'Note something…',
  annotating: 'Note something on the time axis',
  annotatingLead: 'Everybody who looks at this stretch of the machine’s history sees it.',
  note: 'What to know',
  noteMissing: 'Say what to know.',
  point: 'About',
  wholeMachine: 'The whole machine',
  from: 'From',
  to: 'To',
  edgesWrong: 'The end has to lie behind the beginning.',
  submit: 'Keep the note',
  withdraw: 'Take back',
  withdrawing: 'Take this note back',
  withdrawingLead: 'It is kept with who took it back, and no longer shown.',
  late: (from: string, to: string) =>
    from === to ? `Came late, ${from}` : `Came late, from ${from} to ${to}`,
  lateShade: 'Came late',
  corrected: (scale: string, offset: string) =>
    `Corrected afterwards: reported × ${scale} + ${offset}`,
  deleted: (why: string) => `Deleted: ${why}`,
  by: (who: string, when: string) => `${who}, ${when}`,
  look: 'Look at it'
};
