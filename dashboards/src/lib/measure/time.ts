/** Times as people read them: the reader's own time zone and language, 24 hours. */
import { t } from '$lib/messages';
import { locale } from '$lib/messages/language';

const DAY_MS = 24 * 60 * 60_000;

const clock = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23'
});
const dayInYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const clockOfMinutes = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23'
});
const dayOfWeek = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short'
});
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

const longMonth = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const shortMonth = new Intl.DateTimeFormat(locale, { month: 'short' });

export function clockTime(ms: number): string {
  return clock.format(ms);
}

export function dayAndTime(ms: number): string {
  return `${day.format(ms)}, ${clock.format(ms)}`;
}

/** `26 Nov 2026` */
export function dayOfYear(ms: number): string {
  return day.format(ms);
}

/** `26 Nov` */
export function dayOnly(ms: number): string {
  return dayInYear.format(ms);
}

/** `Thu, 26 Nov` */
export function weekday(ms: number): string {
  return dayOfWeek.format(ms);
}

/** `November 2026` */
export function monthOfYear(ms: number): string {
  return longMonth.format(ms);
}

/** `Nov` */
export function monthShort(ms: number): string {
  return shortMonth.format(ms);
}

/** `14:20` */
export function minuteTime(ms: number): string {
  return clockOfMinutes.format(ms);
}

/** The time of day when it is today, with the day otherwise. */
export function shortTime(ms: number, nowMs: number): string {
  return day.format(ms) === day.format(nowMs) ? clock.format(ms) : dayAndTime(ms);
}

/** `12 s ago`; from two days on the date, since "612 days ago" says less. */
export function age(ms: number, nowMs: number): string {
  const passed = Math.max(0, nowMs - ms);
  if (passed < 2_000) return t.time.now;
  if (passed < 60_000) return t.time.ago(`${Math.floor(passed / 1_000)} s`);
  if (passed < 60 * 60_000) return t.time.ago(`${Math.floor(passed / 60_000)} min`);
  if (passed < 2 * DAY_MS) return t.time.ago(`${Math.floor(passed / (60 * 60_000))} h`);
  return day.format(ms);
}

/** Whether measured times are so far from the clock that the date has to be said. */
export function isRecorded(ms: number, nowMs: number): boolean {
  return Math.abs(nowMs - ms) > 10 * 60_000;
}

/** `45 s`, `12 min`, `3 h 20 min`: a length of time in the words that people use for it. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest ? `${hours} h ${rest} min` : `${hours} h`;
}

/** The same with days, for what takes longer than a shift: `3 d 4 h`; seconds only in the last minute. */
export function longSpan(ms: number): string {
  const hours = Math.floor(ms / (60 * 60_000));
  if (hours < 48) return span(ms);
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${hours / 24} d`;
}

/** A time as the browser's own date and time field takes it, to the minute. */
export function toField(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What stands in such a field; null where nothing does. */
export function ofField(text: string): Date | null {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}
