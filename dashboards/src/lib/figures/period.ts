/** Months, quarters and years, as an address names them: `2026-11`, `2026-Q4`, `2026`. */
import type { Stretch } from '$lib/api/figures';
import { monthOfYear, monthShort } from '$lib/measure/time';
import { t } from '$lib/messages';

export const LENGTHS = ['month', 'quarter', 'year'] as const;
export type Length = (typeof LENGTHS)[number];

export interface Period {
  length: Length;
  year: number;
  /** Its first month, 0 to 11. */
  month: number;
}

const MONTHS: Readonly<Record<Length, number>> = { month: 1, quarter: 3, year: 12 };

/** The one of a length that a moment is in. */
export function periodAt(length: Length, ms: number): Period {
  const at = new Date(ms);
  const months = MONTHS[length];
  const month = Math.floor(at.getMonth() / months) * months;
  return { length, year: at.getFullYear(), month };
}

/** Reads an address; what it does not name is the month that goes on. */
export function periodOf(text: string | null, nowMs: number): Period {
  const [, years, quarter, month] =
    /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(text ?? '') ?? [];
  if (years === undefined) return periodAt('month', nowMs);
  const year = Number(years);
  if (quarter) return { length: 'quarter', year, month: (Number(quarter) - 1) * 3 };
  if (month) return { length: 'month', year, month: Number(month) - 1 };
  return { length: 'year', year, month: 0 };
}

const monthName = (year: number, month: number) => `${year}-${String(month + 1).padStart(2, '0')}`;

export function nameOf({ length, year, month }: Period): string {
  if (length === 'year') return String(year);
  return length === 'quarter' ? `${year}-Q${month / 3 + 1}` : monthName(year, month);
}

/** As people say it. */
export function wordsOf({ length, year, month }: Period): string {
  if (length === 'year') return t.figures.year(year);
  if (length === 'quarter') return t.figures.quarter(month / 3 + 1, year);
  return monthOfYear(new Date(year, month).getTime());
}

/** The one that lies so many of its lengths later. */
export function shifted({ length, year, month }: Period, by: number): Period {
  const first = new Date(year, month + by * MONTHS[length]);
  return { length, year: first.getFullYear(), month: first.getMonth() };
}

/** From its first moment to the first after it, in the reader's time zone. */
export function stretchOf(period: Period): Stretch {
  const after = shifted(period, 1);
  return {
    from: new Date(period.year, period.month).getTime(),
    to: new Date(after.year, after.month).getTime()
  };
}

/** Whether it is not over yet. */
export function goesOn(period: Period, nowMs: number): boolean {
  return stretchOf(period).to > nowMs;
}

/** The same moment of another length: a year leads to the month that goes on, or to its last one. */
export function withLength(period: Period, length: Length, nowMs: number): Period {
  const last = Math.min(stretchOf(period).to - 1, nowMs);
  return periodAt(length, Math.max(last, stretchOf(period).from));
}

/** The last month of it that has begun. */
export function lastMonthOf(period: Period, nowMs: number): string {
  return nameOf(withLength(period, 'month', nowMs));
}

/** `Nov`, of a month such as `2026-11`. */
export function shortMonth(name: string): string {
  const [year, month] = name.split('-').map(Number);
  return monthShort(new Date(year ?? 0, (month ?? 1) - 1).getTime());
}
