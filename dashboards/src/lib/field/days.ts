/** A technician's visits, in the order in which they are made. */
import type { Visit, VisitState } from '$lib/api/types';
import { isAhead } from '$lib/planning/advice';
import { dayOf } from '$lib/planning/frame';

export interface Day {
  /** Its beginning. */
  day: number;
  visits: Visit[];
}

export interface MyVisits {
  /** Of days before, and not over yet. */
  overdue: Visit[];
  /** Today, also when nothing is on, and the days on which something is. */
  days: Day[];
  /** The one to do next: where one is, or is going, or else the first. */
  next: Visit | null;
}

const GOING: readonly VisitState[] = ['on_site', 'travelling'];

/** How far back a visit may lie that nobody has ended. */
export const DAYS_BACK = 14;
export const DAYS_AHEAD = 7;

export function visitsByDay(visits: readonly Visit[], nowMs: number): MyVisits {
  const today = dayOf(nowMs);
  const sorted = visits
    .filter(({ state }) => state !== 'cancelled')
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at) || a.id.localeCompare(b.id));
  const dayOfVisit = (visit: Visit) => dayOf(Date.parse(visit.starts_at));
  const overdue = sorted.filter((visit) => dayOfVisit(visit) < today && isAhead(visit));
  const days: Day[] = [{ day: today, visits: [] }];
  for (const visit of sorted) {
    const day = dayOfVisit(visit);
    if (day < today) continue;
    if (days.at(-1)?.day !== day) days.push({ day, visits: [] });
    days.at(-1)?.visits.push(visit);
  }
  const open = [...overdue, ...(days[0]?.visits.filter(isAhead) ?? [])];
  const going = GOING.map((state) => open.find((visit) => visit.state === state)).find(Boolean);
  return { overdue, days, next: going ?? open[0] ?? null };
}

/** The one step that comes next of a visit; null where its work is next, or nothing is. */
export function nextStepOf({ next_states }: Visit): 'travelling' | 'on_site' | null {
  if (next_states.includes('travelling')) return 'travelling';
  return next_states.includes('on_site') ? 'on_site' : null;
}
