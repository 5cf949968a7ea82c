import type { Estimate } from '$lib/api/judgement';
import type { PointVerdict, Verdict } from '$lib/api/types';
import { formatNumber, formatValue } from '$lib/measure/units';

/** `+5.4 °C`: a difference always says in which direction. */
export function formatDifference(value: number, unit: string): string {
  const text = formatValue(value, unit);
  return value > 0 && !/^0[.0]*(\D|$)/.test(text) ? `+${text}` : text;
}

/** The ends of an interval without the unit: the figure before it has it. */
export function formatEnds(estimate: Estimate, unit: string): { low: string; high: string } {
  const signed = (value: number) => {
    const text = formatNumber(value, unit);
    return value > 0 && Number(text) !== 0 ? `+${text}` : text;
  };
  return { low: signed(estimate.low), high: signed(estimate.high) };
}

/** What is wrong first; points that the fault never touched last. */
const ORDER: readonly Verdict[] = ['worse', 'unchanged', 'not_enough_data', 'improved', 'fixed'];

export function byWeight(points: readonly PointVerdict[]): PointVerdict[] {
  const rank = (p: PointVerdict) => (isUntouched(p) ? ORDER.length : ORDER.indexOf(p.verdict));
  return [...points].sort((a, b) => rank(a) - rank(b) || a.point_name.localeCompare(b.point_name));
}

/** Healthy before and after: nothing had to be repaired here. */
export function isUntouched(point: PointVerdict): boolean {
  return point.healthy_before === true && point.verdict === 'unchanged';
}

/** Places on a common axis, in percent from its left end. */
export interface Places {
  zero: number;
  bandLow: number;
  bandHigh: number;
  place: (value: number) => number;
}

/** An axis that holds the tolerance to both sides of healthy, and all intervals, with some room. */
export function placesOf(estimates: readonly (Estimate | null)[], tolerance: number): Places {
  const ends = estimates.flatMap((e) => (e ? [e.low, e.high] : []));
  const low = Math.min(-tolerance, ...ends);
  const high = Math.max(tolerance, ...ends);
  const room = (high - low) * 0.06 || 1;
  const place = (value: number) => ((value - low + room) / (high - low + 2 * room)) * 100;
  return { zero: place(0), bandLow: place(-tolerance), bandHigh: place(tolerance), place };
}
