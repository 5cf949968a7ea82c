import type { Page } from '$lib/api/types';
import { Refresher } from './refresher';

/**
 * A list that fits a filter and is read again whenever something changed. `Found` is what one reading
 * of it gives.
 */
export abstract class FilteredList<Filter, Found> {
  /** Whether older ones are left; only where the list is read page by page. */
  hasOlder = $state(false);
  problem = $state<unknown>(null);

  #filter: Filter | null = null;
  #pages = 1;
  readonly #refresher = new Refresher(() => this.#load());

  show(filter: Filter): void {
    this.forget(this.#filter, filter);
    this.#filter = filter;
    this.#pages = 1;
    void this.refresh();
  }

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  older(): Promise<void> {
    this.#pages += 1;
    return this.refresh();
  }

  /** Takes off the screen what does not fit another filter even until the answer has come. */
  protected abstract forget(before: Filter | null, next: Filter): void;

  protected abstract read(filter: Filter): Promise<Found>;

  protected abstract take(found: Found, filter: Filter): void;

  /** What is over piles up for years: as many pages of it as were asked for. */
  protected async newest<T>(page: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | null = null;
    for (let n = 0; n < this.#pages; n += 1) {
      const answer = await page(cursor);
      found.push(...answer.items);
      cursor = answer.next_cursor ?? null;
      if (!cursor) break;
    }
    this.hasOlder = cursor !== null;
    return found;
  }

  async #load(): Promise<void> {
    const filter = this.#filter;
    if (!filter) return;
    try {
      const found = await this.read(filter);
      // Another filter may have been chosen meanwhile; its own load follows.
      if (filter !== this.#filter) return;
      this.take(found, filter);
      this.problem = null;
    } catch (error) {
      if (filter === this.#filter) this.problem = error;
    }
  }
}
