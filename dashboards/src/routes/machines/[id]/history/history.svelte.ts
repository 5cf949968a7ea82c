import type { Api } from '$lib/api/client';
import { occupied, withGaps, type Columns } from '$lib/measure/gaps';
import type { Stretch } from '$lib/measure/stretch';

/** As many buckets as a wide screen has room for. */
const BUCKETS = 1_000;

/**
 * Readings of a machine in a stretch of time. While another stretch is read, what was read before
 * stays: a coarse picture at once is better than an exact one later.
 */
export class History {
  columns = $state.raw<Record<string, Columns>>({});
  bucketMs = $state(0);
  loading = $state(false);
  problem = $state<unknown>(null);
  /** Whether anything was read at all. */
  read = $state(false);

  #turn = 0;

  constructor(
    private readonly api: Api,
    private readonly assetId: string
  ) {}

  async load({ from, to }: Stretch): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.loading = true;
    try {
      const answers = await this.api.assetReadings(this.assetId, from, to, BUCKETS);
      if (turn !== this.#turn) return;
      const next: Record<string, Columns> = {};
      for (const readings of answers) {
        const { columns, gapMs } = occupied(readings);
        next[readings.point_id] = withGaps(columns, gapMs);
      }
      this.columns = next;
      this.bucketMs = answers[0]?.bucket_ms ?? 0;
      this.problem = null;
      this.read = true;
    } catch (error) {
      if (turn === this.#turn) this.problem = error;
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
