import { expect, it } from 'vitest';
import type { BucketColumns } from '../src/lib/api/types';
import { occupied, readingGap, withGaps } from '../src/lib/measure/gaps';
import { PointSeries } from '../src/lib/measure/series';

/** Buckets of `bucketMs` from zero, holding as many readings as `count` says. */
function buckets(bucketMs: number, count: number[]): BucketColumns {
  const figures = count.map((n) => (n > 0 ? 1 : null));
  return {
    point_id: 'p',
    unit: 'A',
    from: new Date(0).toISOString(),
    to: new Date(bucketMs * count.length).toISOString(),
    bucket_ms: bucketMs,
    at_ms: count.map((_, i) => i * bucketMs),
    count,
    min: figures,
    max: figures,
    mean: figures,
    first: figures,
    last: figures
  };
}

function lines(readings: BucketColumns): number {
  const { columns, gapMs } = occupied(readings);
  return pieces(withGaps(columns, gapMs).mean);
}

const pieces = (values: (number | null)[]) =>
  values.filter((v, i) => v !== null && (values[i - 1] ?? null) === null).length;

it('buckets finer than the sampling make no gaps', () => {
  expect(lines(buckets(250, [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1]))).toBe(1);
});

it('a pause in fine buckets is a gap', () => {
  expect(lines(buckets(500, [1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]))).toBe(2);
});

it('one empty bucket among full ones is a gap', () => {
  expect(lines(buckets(60_000, [60, 60, 60, 0, 60, 60]))).toBe(2);
});

it('nothing measured draws nothing', () => {
  expect(lines(buckets(1_000, [0, 0, 0]))).toBe(0);
});

it('too few readings to know their step are not torn apart', () => {
  expect(readingGap([0, 10_000])).toBe(Infinity);
});

it('live readings go on after the history, and a pause between them stays open', () => {
  const series = new PointSeries();
  series.load(buckets(1_000, [1, 1, 1, 1]));
  series.add([4_000, 5_000, 6_000, 60_000, 61_000], [1, 1, 1, 1, 1]);
  expect(pieces(series.columns().mean)).toBe(2);
  expect(series.latest()).toEqual({ at: 61_000, value: 1 });
});

it('a repeated delivery changes nothing', () => {
  const series = new PointSeries();
  series.add([1_000, 2_000], [1, 2]);
  series.add([1_000, 2_000], [1, 2]);
  expect(series.columns().at).toEqual([1_000, 2_000]);
});

it('a late reading into the history asks for it again', () => {
  const series = new PointSeries();
  series.load(buckets(1_000, [1, 1, 1, 1]));
  series.add([2_500], [1]);
  expect(series.stale).toBe(true);
});
