import type { BucketColumns } from '$lib/api/types';

/** Columns of a chart; a row of nulls is where nothing was measured. */
export interface Columns {
  at: number[];
  min: (number | null)[];
  max: (number | null)[];
  mean: (number | null)[];
}

export function emptyColumns(): Columns {
  return { at: [], min: [], max: [], mean: [] };
}

/** A missing reading or two is jitter of the clock; more than this many steps is a gap. */
const STEPS = 2.5;

/** From this many readings a bucket on, an empty bucket cannot be chance: it is a gap. */
const DENSE = 3;

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function steps(at: readonly number[]): number[] {
  return at.slice(1).map((t, i) => t - (at[i] ?? t));
}

/** The longest step between single readings over which a line may still be drawn. */
export function readingGap(at: readonly number[]): number {
  return at.length < 3 ? Infinity : median(steps(at)) * STEPS;
}

/**
 * The same for buckets. Buckets finer than the sampling have empty ones between any two readings,
 * which are no gaps; in buckets that hold many readings each, every empty one is.
 */
export function bucketGap(
  occupiedAt: readonly number[],
  counts: number[],
  bucketMs: number
): number {
  const readings = counts.reduce((sum, n) => sum + n, 0);
  const dense = occupiedAt.length > 0 && readings / occupiedAt.length >= DENSE;
  if (dense) return bucketMs * 1.5;
  if (occupiedAt.length < 3) return bucketMs * STEPS;
  return Math.max(bucketMs, median(steps(occupiedAt))) * STEPS;
}

/** The occupied buckets only, at their middle, and the step from which on there is a gap. */
export function occupied(readings: BucketColumns): { columns: Columns; gapMs: number } {
  const columns = emptyColumns();
  const counts: number[] = [];
  readings.at_ms.forEach((start, i) => {
    const count = readings.count[i] ?? 0;
    const mean = readings.mean[i];
    if (count === 0 || mean === null || mean === undefined) return;
    counts.push(count);
    columns.at.push(start + readings.bucket_ms / 2);
    columns.min.push(readings.min[i] ?? mean);
    columns.max.push(readings.max[i] ?? mean);
    columns.mean.push(mean);
  });
  return { columns, gapMs: bucketGap(columns.at, counts, readings.bucket_ms) };
}

/** Puts a row of nulls into every step longer than `gapMs`, so that no line crosses it. */
export function withGaps(columns: Columns, gapMs: number): Columns {
  const out = emptyColumns();
  columns.at.forEach((at, i) => {
    const before = columns.at[i - 1];
    if (before !== undefined && at - before > gapMs) pushGap(out, before, at);
    out.at.push(at);
    out.min.push(columns.min[i] ?? null);
    out.max.push(columns.max[i] ?? null);
    out.mean.push(columns.mean[i] ?? null);
  });
  return out;
}

/** Joins two stretches; the step between them is judged by the first one's measure. */
export function join(first: Columns, second: Columns, gapMs: number): Columns {
  const end = first.at.at(-1);
  const start = second.at[0];
  if (end === undefined || start === undefined) return end === undefined ? second : first;
  const out: Columns = {
    at: [...first.at],
    min: [...first.min],
    max: [...first.max],
    mean: [...first.mean]
  };
  if (start - end > gapMs) pushGap(out, end, start);
  out.at.push(...second.at);
  out.min.push(...second.min);
  out.max.push(...second.max);
  out.mean.push(...second.mean);
  return out;
}

function pushGap(out: Columns, before: number, after: number) {
  out.at.push((before + after) / 2);
  out.min.push(null);
  out.max.push(null);
  out.mean.push(null);
}
