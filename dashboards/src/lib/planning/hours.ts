/** Working hours of a technician as stretches of time. */
import type { Hours } from '$lib/api/types';

export interface Stretch {
  from: number;
  to: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday'
] as const;

/** How far a zone is ahead of UTC at a moment, milliseconds. */
function aheadOf(zone: Intl.DateTimeFormat, ms: number): number {
  const parts = zone.formatToParts(ms);
  const of = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  const [year, month, day] = [of('year'), of('month'), of('day')];
  const local = Date.UTC(year, month - 1, day, of('hour'), of('minute'), of('second'));
  return local - Math.floor(ms / 1_000) * 1_000;
}

/** The moment at which clocks of a zone show a time, given as if it were UTC. */
function momentOf(zone: Intl.DateTimeFormat, local: number): number {
  // The second look is for days on which the clocks change.
  const near = local - aheadOf(zone, local);
  return local - aheadOf(zone, near);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** When somebody works between two moments; pieces that touch are one. */
export function openIn({ schedule, time_zone: name }: Hours, from: number, to: number): Stretch[] {
  const zone = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric'
  });
  const open: Stretch[] = [];
  const first = Math.floor((from + aheadOf(zone, from)) / DAY_MS) * DAY_MS;
  for (let day = first; day - aheadOf(zone, to) < to; day += DAY_MS) {
    const date = new Date(day).toISOString().slice(0, 10);
    const different = schedule.holidays?.find((holiday) => holiday.date === date);
    const weekday = WEEKDAYS[new Date(day).getUTCDay()] ?? 'sunday';
    for (const opening of different ? (different.open ?? []) : (schedule.week[weekday] ?? [])) {
      const begins = Math.max(from, momentOf(zone, day + minutesOf(opening.from) * MINUTE_MS));
      const ends = Math.min(to, momentOf(zone, day + minutesOf(opening.to) * MINUTE_MS));
      const last = open.at(-1);
      if (begins >= ends) continue;
      if (last?.to === begins) last.to = ends;
      else open.push({ from: begins, to: ends });
    }
  }
  return open;
}
