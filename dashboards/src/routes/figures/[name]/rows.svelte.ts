import type { Stretch } from '$lib/api/figures';
import type { Api } from '$lib/api/client';
import type { KpiRow } from '$lib/api/types';

/** The rows of a figure, page by page. */
export class Rows {
  rows = $state.raw<KpiRow[] | null>(null);
  hasMore = $state(false);
  problem = $state<unknown>(null);
  #cursor: string | null = null;
  #wanted: object | null = null;

  constructor(
    private readonly api: Api,
    private readonly name: string
  ) {}

  show(stretch: Stretch, part: string | null): Promise<void> {
    this.rows = null;
    this.#cursor = null;
    return this.more(stretch, part);
  }

  async more(stretch: Stretch, part: string | null): Promise<void> {
    const wanted = {};
    this.#wanted = wanted;
    this.problem = null;
    try {
      const page = await this.api.figures.rows(this.name, stretch, part, this.#cursor);
      // Another part or time may have been chosen meanwhile.
      if (wanted !== this.#wanted) return;
      this.rows = [...(this.rows ?? []), ...page.items];
      this.#cursor = page.next_cursor;
      this.hasMore = page.next_cursor !== null;
    } catch (error) {
      if (wanted === this.#wanted) this.problem = error;
    }
  }
}
