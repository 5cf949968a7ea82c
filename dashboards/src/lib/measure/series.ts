import type { BucketColumns } from '$lib/api/types';
import { emptyColumns, join, occupied, readingGap, withGaps, type Columns } from './gaps';

/** More live readings than this are better fetched as buckets. */
const LONGEST_TAIL = 5_000;

/** The readings of one point on screen: buckets up to a moment, single live readings after it. */
export class PointSeries {
  #history: Columns = emptyColumns();
  #historyGapMs = Infinity;
  #historyEnd = -Infinity;
  #at: number[] = [];
  #value: number[] = [];
  /** Whether the history has to be fetched again to be right. */
  stale = false;

  load(readings: BucketColumns): void {
    const { columns, gapMs } = occupied(readings);
    this.#history = withGaps(columns, gapMs);
    this.#historyGapMs = gapMs;
    this.#historyEnd = Date.parse(readings.to);
    this.stale = false;
    this.#dropBefore(this.#historyEnd);
  }

  add(at: readonly number[], value: readonly number[]): void {
    at.forEach((t, i) => {
      const v = value[i];
      if (v !== undefined) this.#insert(t, v);
    });
    if (this.#at.length > LONGEST_TAIL) this.stale = true;
  }

  latest(): { at: number; value: number } | null {
    const at = this.#at.at(-1);
    const value = this.#value.at(-1);
    return at === undefined || value === undefined ? null : { at, value };
  }

  columns(): Columns {
    const tail: Columns = { at: this.#at, min: this.#value, max: this.#value, mean: this.#value };
    const gapMs = readingGap(this.#at);
    const joint = Number.isFinite(this.#historyGapMs) ? this.#historyGapMs : gapMs;
    return join(this.#history, withGaps(tail, gapMs), Math.max(joint, 0));
  }

  #insert(at: number, value: number): void {
    // Late readings belong into buckets that only the server can fill.
    if (at < this.#historyEnd) {
      this.stale = true;
      return;
    }
    let i = this.#at.length;
    while (i > 0 && (this.#at[i - 1] ?? at) > at) i -= 1;
    // Delivery is at least once: the same reading again changes nothing.
    const same = this.#at[i - 1] === at ? 1 : 0;
    this.#at.splice(i - same, same, at);
    this.#value.splice(i - same, same, value);
  }

  #dropBefore(at: number): void {
    const kept = this.#at.findIndex((t) => t >= at);
    const from = kept < 0 ? this.#at.length : kept;
    this.#at.splice(0, from);
    this.#value.splice(0, from);
  }
}
