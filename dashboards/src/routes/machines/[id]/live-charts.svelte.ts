import type { Api } from '$lib/api/client';
import type { LiveReadings, Point } from '$lib/api/types';
import { emptyColumns, type Columns } from '$lib/measure/gaps';
import { PointSeries } from '$lib/measure/series';

/** As many buckets as a wide screen has room for. */
const BUCKETS = 600;

/** Charts are redrawn at most this often: faster than one can read, slower than readings come. */
const REDRAW_MS = 200;

/** The charts of one machine: their readings, and the window that follows the newest of them. */
export class LiveCharts {
  columns = $state.raw<Record<string, Columns>>({});
  /** Newest measured time over all points: the right edge of every chart. */
  newest = $state<number | null>(null);
  loading = $state(true);
  problem = $state<unknown>(null);

  #series = new Map<string, PointSeries>();
  #redraw: ReturnType<typeof setTimeout> | null = null;
  #reload: ReturnType<typeof setTimeout> | null = null;
  #turn = 0;
  #points: Point[] = [];
  #windowMs = 0;

  constructor(private readonly api: Api) {}

  /** Fetches the history of every point for a window of this length. */
  async load(points: Point[], windowMs: number): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#points = points;
    this.#windowMs = windowMs;
    points.forEach((p) => this.#note(p.latest ? Date.parse(p.latest.at) : null));
    const to = this.newest;
    try {
      if (to !== null) {
        // The end is exclusive: one more millisecond takes the newest reading in.
        const wanted = points.map((p) => this.api.readings(p.id, to - windowMs, to + 1, BUCKETS));
        const answers = await Promise.all(wanted);
        if (turn !== this.#turn) return;
        answers.forEach((readings) => this.#of(readings.point_id).load(readings));
      }
      this.problem = null;
    } catch (error) {
      if (turn === this.#turn) this.problem = error;
    }
    if (turn !== this.#turn) return;
    this.loading = false;
    this.#draw();
  }

  take(readings: LiveReadings): void {
    const series = this.#of(readings.point_id);
    series.add(readings.at_ms, readings.value);
    this.#note(readings.at_ms.at(-1) ?? null);
    if (series.stale) this.#reload ??= setTimeout(() => this.again(), 2_000);
    this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_MS);
  }

  again(): void {
    this.#reload = null;
    void this.load(this.#points, this.#windowMs);
  }

  stop(): void {
    this.#turn += 1;
    if (this.#redraw) clearTimeout(this.#redraw);
    if (this.#reload) clearTimeout(this.#reload);
  }

  #of(pointId: string): PointSeries {
    const series = this.#series.get(pointId) ?? new PointSeries();
    this.#series.set(pointId, series);
    return series;
  }

  #note(at: number | null): void {
    if (at !== null && (this.newest === null || at > this.newest)) this.newest = at;
  }

  #draw(): void {
    this.#redraw = null;
    const columns: Record<string, Columns> = {};
    for (const [id, series] of this.#series) columns[id] = series.columns();
    for (const point of this.#points) columns[point.id] ??= emptyColumns();
    this.columns = columns;
  }
}
