import type { Estimate } from '$lib/api/judgement';
import type { PointVerdict, Verdict } from '$lib/api/types';
import { differenceShown, unitName } from '$lib/measure/units';

/**
 * Differences as they are shown: with their direction, and as many decimals as the tolerance needs
 * to be told from nothing. More would only be noise.
 */
export class Differences {
  readonly #decimals: number;

  constructor(
    private readonly unit: string,
    tolerance: number
  ) {
    const size = Math.abs(differenceShown(tolerance, unit));
    this.#decimals = size > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 2;
  }

  /** `+5.4`; zero has no direction. */
  number(value: number): string {
    const text = differenceShown(value, this.unit).toFixed(this.#decimals);
    if (Number(text) === 0) return text.replace('-', '');
    return Number(text) > 0 ? `+${text}` : text.replace('-', '−');
  }

  /** `+5.4 °C` */
  value(value: number): string {
    return `${this.number(value)}\u00a0${unitName(this.unit)}`.trimEnd();
  }
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
