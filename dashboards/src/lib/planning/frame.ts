/** The days and hours that a calendar shows, and where a moment lies in them. */
import type { Stretch } from './hours';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Visits begin at quarters of an hour. */
const STEP_MS = 15 * MINUTE_MS;

/** Shown of a day on which nothing is planned and nobody works. */
const USUAL = { from: 8, to: 17 };

/** Midnight before a moment, by the reader's clock; `days` later. Days of 23 and 25 hours exist. */
export function dayOf(ms: number, days = 0): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days).getTime();
}

/** The Monday of a week. */
export function weekOf(ms: number): number {
  return dayOf(ms, -((new Date(ms).getDay() + 6) % 7));
}

/** `2026-11-26`, as in an address and a date field. */
export function dateOf(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The day that an address names; today where it names none. */
export function dayNamed(text: string | null, nowMs: number): number {
  const named = /^\d{4}-\d\d-\d\d$/.test(text ?? '') ? Date.parse(`${text}T00:00`) : NaN;
  return Number.isNaN(named) ? dayOf(nowMs) : named;
}

/** The hours of a day that hold all work and all visits, with an hour around. */
export function frameOf(day: number, stretches: readonly Stretch[]): Stretch {
  const end = dayOf(day, 1);
  const within = stretches.filter(({ from, to }) => to > day && from < end);
  const usual = { from: day + USUAL.from * HOUR_MS, to: day + USUAL.to * HOUR_MS };
  const all = within.length > 0 ? within : [usual];
  const first = Math.min(...all.map(({ from }) => from));
  const last = Math.max(...all.map(({ to }) => to));
  const hour = (ms: number) => day + ms * HOUR_MS;
  return {
    from: Math.max(day, hour(Math.floor((first - day) / HOUR_MS) - 1)),
    to: Math.min(end, hour(Math.ceil((last - day) / HOUR_MS) + 1))
  };
}

/** The full hours of a frame. */
export function hoursOf({ from, to }: Stretch): number[] {
  const hours = [];
  for (let at = from; at < to; at += HOUR_MS) hours.push(at);
  return hours;
}

/** Where a stretch lies in a frame, per cent; null where none of it does. */
export function placeOf(stretch: Stretch, frame: Stretch): { left: number; width: number } | null {
  const from = Math.max(stretch.from, frame.from);
  const to = Math.min(stretch.to, frame.to);
  if (from >= to) return null;
  const whole = frame.to - frame.from;
  return { left: ((from - frame.from) / whole) * 100, width: ((to - from) / whole) * 100 };
}

/** The moment at a part (0 to 1) of a frame, at a quarter of an hour. */
export function momentAt(part: number, frame: Stretch): number {
  const ms = (frame.to - frame.from) * Math.min(1, Math.max(0, part));
  return frame.from + Math.round(ms / STEP_MS) * STEP_MS;
}

/** The first gap of a day that is long enough, at a quarter of an hour; null where there is none. */
export function firstGap(
  open: readonly Stretch[],
  taken: readonly Stretch[],
  lengthMs: number,
  notBefore: number
): number | null {
  for (const stretch of open) {
    let at = Math.ceil(Math.max(stretch.from, notBefore) / STEP_MS) * STEP_MS;
    for (const other of [...taken].sort((a, b) => a.from - b.from)) {
      if (other.from < at + lengthMs && other.to > at) at = Math.ceil(other.to / STEP_MS) * STEP_MS;
    }
    if (at + lengthMs <= stretch.to) return at;
  }
  return null;
}
