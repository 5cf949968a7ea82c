/** Where a measurement point is heading. */

export type Trend = 'rising' | 'falling' | 'steady';

/** Fewer readings say nothing. */
const LEAST = 5;
/** A change counts from this part of the allowed band. */
const OF_BAND = 0.05;
/** And from so many times the scatter around the line. */
const OF_SCATTER = 2;

/**
 * The trend of readings by the line through them (least squares). It is steady as long as the line
 * changes by less than the readings scatter, or by little of the band; null with too few readings.
 */
export function trendOf(
  at: readonly number[],
  values: readonly (number | null)[],
  band: { low: number; high: number } | null
): Trend | null {
  const points: { x: number; y: number }[] = [];
  at.forEach((x, i) => {
    const y = values[i];
    if (typeof y === 'number') points.push({ x, y });
  });
  if (points.length < LEAST) return null;
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = mean(({ x }) => (x - mx) ** 2);
  if (spread === 0) return null;
  const slope = mean(({ x, y }) => (x - mx) * (y - my)) / spread;
  const scatter = Math.sqrt(mean(({ x, y }) => (y - my - slope * (x - mx)) ** 2));
  const last = points.at(-1)?.x ?? mx;
  const change = slope * (last - (points[0]?.x ?? mx));
  const least = Math.max(
    OF_SCATTER * scatter,
    band ? OF_BAND * (band.high - band.low) : Math.abs(my) * 0.01,
    Number.EPSILON
  );
  if (Math.abs(change) < least) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}
