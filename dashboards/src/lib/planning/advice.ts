/** What a dispatcher should know before planning by hand. The server decides; most of it is advice. */
import type { Technician, Visit, WorkOrder } from '$lib/api/types';
import { t } from '$lib/messages';
import { minuteTime } from '$lib/measure/time';
import { openIn, type Stretch } from './hours';

export const stretchOf = ({ starts_at, ends_at }: Visit): Stretch => ({
  from: Date.parse(starts_at),
  to: Date.parse(ends_at)
});

/** Visits that take somebody's time. */
export function isAhead({ state }: Visit): boolean {
  return state !== 'done' && state !== 'missed' && state !== 'cancelled';
}

export interface Wish extends Stretch {
  technician: Technician;
  order: WorkOrder | undefined;
  /** Of the visit that is planned anew. */
  visitId: string | null;
}

/** What speaks against a wish, in words. */
export function adviceOn(wish: Wish, visits: readonly Visit[], nowMs: number): string[] {
  const texts = t.planning.advice;
  const { from, to, technician, order } = wish;
  const words: string[] = [];
  if (from < nowMs) words.push(texts.past);
  const other = visits.find((visit) => {
    const theirs = visit.technician_id === technician.account_id && visit.id !== wish.visitId;
    const taken = stretchOf(visit);
    return theirs && isAhead(visit) && taken.from < to && taken.to > from;
  });
  if (other) {
    const taken = stretchOf(other);
    words.push(texts.busy(other.work_order_number, minuteTime(taken.from), minuteTime(taken.to)));
  }
  const away = technician.absences.find(
    (absence) => Date.parse(absence.from) < to && Date.parse(absence.to) > from
  );
  if (away) words.push(texts.away(away.reason));
  const open = openIn(technician.hours, from, to);
  if (open.length !== 1 || open[0]?.from !== from || open[0].to !== to) words.push(texts.outside);
  const lacking = (order?.skills ?? []).filter((skill) => !technician.skills?.includes(skill));
  if (lacking.length > 0) words.push(texts.lacks(lacking.join(', ')));
  if (order?.earliest_at && Date.parse(order.earliest_at) > from) words.push(texts.early);
  if (order?.latest_at && Date.parse(order.latest_at) < to) words.push(texts.late);
  return words;
}
