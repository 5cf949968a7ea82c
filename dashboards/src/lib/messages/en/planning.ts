import type { VisitState } from '$lib/api/types';
import { plural } from './plural';

const state: Record<VisitState, string> = {
  planned: 'Planned',
  dispatched: 'Dispatched',
  travelling: 'On the way',
  on_site: 'On site',
  done: 'Done',
  missed: 'Missed',
  cancelled: 'Called off'
};

/** Planning visits. */
export const planning = {
  title: 'Planning',
  state,
  views: 'View',
  day: 'Day',
  week: 'Week',
  today: 'Today',
  previous: 'Earlier',
  next: 'Later',
  chosenDay: 'Day',
  zone: (name: string) => `Times in ${name}`,
  technician: 'Technician',
  none: 'No technicians yet',
  noneLead: 'Whoever has an account as a technician and working hours appears here.',
  calendarOf: (day: string) => `Visits of ${day}`,
  away: (reason: string) => `Away: ${reason}`,
  off: 'Does not work',
  visitOf: (p: { number: string; title: string; when: string; state: string; who: string }) =>
    `${p.number} ${p.title}, ${p.who}, ${p.when}, ${p.state}`,
  hint: 'Drag a waiting work order to a technician and a time, or press Plan.',

  waiting: 'Waiting for a visit',
  waitingNone: 'No work order waits.',
  grip: (number: string) => `Drag ${number}`,
  minutes: (n: number) => `${n} min`,
  needs: (skills: string) => `Needs ${skills}`,
  noSite: 'Site not known',
  promisedBy: (when: string) => `Promised by ${when}`,
  plan: 'Plan…',
  suggest: 'Suggest',

  planning: (number: string) => `Plan a visit for ${number}`,
  moving: (number: string) => `Move the visit of ${number}`,
  start: 'Begins',
  length: 'Length, minutes',
  why: 'Reason',
  byHand: 'planned by hand',
  submitPlan: 'Plan it',
  submitMove: 'Move it',
  missing: {
    technician: 'Choose a technician.',
    start: 'Say when it begins.',
    length: 'Say how many minutes it takes.',
    why: 'Give a reason first.'
  },
  heed: 'Before you plan this',
  advice: {
    past: 'The time is over already.',
    busy: (number: string, from: string, to: string) =>
      `The technician is at ${number} from ${from} to ${to}.`,
    away: (reason: string) => `The technician is away: ${reason}.`,
    outside: 'Outside working hours.',
    lacks: (skills: string) => `The technician lacks: ${skills}.`,
    early: 'Earlier than the work can begin.',
    late: 'Later than was promised.'
  },
  stale: 'Somebody else has changed this visit. Close this and look again.',

  visit: 'Visit',
  when: 'When',
  where: 'Where',
  machine: 'Machine',
  plannedBy: 'Planned by',
  rule: 'Rule that chose',
  reasons: 'Why so',
  order: 'Open the work order',
  ticket: 'Open the ticket',
  move: 'Move…',
  callOff: 'Call off…',
  callingOff: (number: string) => `Call off the visit of ${number}`,
  callingOffLead: 'The work order waits for a visit again. Technician and customer are told.',
  submitCallOff: 'Call it off',

  suggesting: (number: string) => `Who could go to ${number}`,
  best: 'Best',
  take: 'Take',
  taking: (who: string, when: string) => `Take ${who}, ${when}`,
  suggestions: 'Could go',
  suggestionsNone: 'Nobody can go.',
  refused: 'Cannot go',
  dispatch: 'Dispatch automatically',
  dispatchLead: 'Plans the best suggestion by the planning policy.',
  makeRoom: 'Make room for it',
  makeRoomLead: 'Visits of less urgent work are called off; their work orders wait again.',
  chosen: (who: string, when: string) => `${who} goes, ${when}`,
  by: (rule: string) => `Chosen by: ${rule}`,
  displaced: (n: number) => `${plural(n, 'other visit was', 'other visits were')} called off.`,
  overrule: 'Overrule…',
  close: 'Close',

  planned: (p: { number: string; who: string; when: string }) =>
    `${p.number} is planned: ${p.who}, ${p.when}`,
  moved: (p: { number: string; who: string; when: string }) =>
    `${p.number} was moved: ${p.who}, ${p.when}`,
  undo: 'Undo',
  undone: 'planning undone',
  undoFailed: (why: string) => `Not undone. ${why}`,
  dismiss: 'Dismiss'
};
