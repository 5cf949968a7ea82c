import { plural } from './plural';

/** Machines beside each other, and what the past says of a ticket. */
export const compare = {
  title: 'Compare',
  of: (machine: string) => `${machine} beside its sisters`,
  lead: 'The same time and the same scale for all.',
  with: 'Compared with',
  point: 'Measured',
  noSisters: 'No other machine of this kind',
  noSistersLead: 'Machines of the same kind appear here to be compared with.',
  sameModel: 'same model',
  notMeasured: 'It does not measure this.',
  seen: {
    title: 'Seen before',
    cases: (n: number) => plural(n, 'case', 'cases'),
    right: (right: number, of: number) => `named first and right ${right} of ${of} times`,
    neverNamed: 'not named at an opening so far',
    remedy: (text: string) => `Mended by: ${text}`,
    parts: (numbers: string) => `Parts: ${numbers}`,
    closed: (when: string) => `closed ${when}`,
    found: 'What it was',
    notFound: 'Nobody has said yet what was wrong.',
    say: 'Say what it was',
    correct: 'Correct it',
    cause: 'Cause, as a code',
    causeLead: 'Lower-case letters, digits and _. The same code for the same cause teaches most.',
    causeMissing: 'Give a code: lower-case letters, digits and _.',
    note: 'In words',
    mended: 'What mended it',
    submit: 'Write it down'
  }
};
