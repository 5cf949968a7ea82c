import type { Api } from '$lib/api/client';
import type { Point } from '$lib/api/types';
import { trendOf, type Trend } from '$lib/measure/trend';

/** A trend is that of the last minutes before the newest reading. */
const WINDOW_MS = 5 * 60_000;
const BUCKETS = 30;

/** Where the points of one machine are heading. */
export class Trends {
  /** By point; missing where too little was measured. */
  of = $state.raw<ReadonlyMap<string, Trend>>(new Map());

  constructor(
    private readonly api: Api,
    private readonly assetId: string
  ) {}

  async refresh(points: readonly Point[]): Promise<void> {
    const measured = points.flatMap(({ latest }) => (latest ? [Date.parse(latest.at)] : []));
    if (measured.length === 0) return;
    const to = Math.max(...measured);
    try {
      // The end is exclusive: one more millisecond takes the newest reading in.
      const all = await this.api.assetReadings(this.assetId, to - WINDOW_MS, to + 1, BUCKETS);
      const found = new Map<string, Trend>();
      for (const { point_id, at_ms, mean } of all) {
        const band = points.find(({ id }) => id === point_id)?.normal ?? null;
        const trend = trendOf(at_ms, mean, band);
        if (trend) found.set(point_id, trend);
      }
      this.of = found;
    } catch {
      // The values themselves stay; the next look may succeed.
    }
  }
}
