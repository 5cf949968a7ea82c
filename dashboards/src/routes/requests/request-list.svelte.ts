import type { Api } from '$lib/api/client';
import type { CustomerRequest, SlaClock } from '$lib/api/types';
import { nextOf } from '$lib/promises/standing';
import { fitting, isEndless, queryOf, type RequestFilter } from '$lib/requests/filter';
import { Refresher } from '$lib/state/refresher';

/** The requests that fit a filter, and until when each of them waits for a first word. */
export class RequestList {
  requests = $state.raw<CustomerRequest[] | null>(null);
  /** By request, the promise that has to be kept next. */
  next = $state.raw<ReadonlyMap<string, SlaClock>>(new Map());
  hasOlder = $state(false);
  problem = $state<unknown>(null);

  #filter: RequestFilter | null = null;
  #pages = 1;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {}

  show(filter: RequestFilter): void {
    // Typing on keeps what is there until the answer has come.
    if (this.#filter?.state !== filter.state) this.requests = null;
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

  async #load(): Promise<void> {
    const filter = this.#filter;
    if (!filter) return;
    try {
      const [found, clocks] = await Promise.all([
        isEndless(filter) ? this.#newest(filter) : this.#open(filter),
        this.api.requests.promises()
      ]);
      // Another filter may have been chosen meanwhile; its own load follows.
      if (filter !== this.#filter) return;
      this.requests = fitting(found, filter);
      this.next = nextOf(clocks);
      this.problem = null;
    } catch (error) {
      if (filter === this.#filter) this.problem = error;
    }
  }

  #open(filter: RequestFilter): Promise<CustomerRequest[]> {
    this.hasOlder = false;
    return this.api.requests.all(queryOf(filter));
  }

  async #newest(filter: RequestFilter): Promise<CustomerRequest[]> {
    const found: CustomerRequest[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < this.#pages; page += 1) {
      const answer = await this.api.requests.page(queryOf(filter), cursor);
      found.push(...answer.items);
      cursor = answer.next_cursor;
      if (!cursor) break;
    }
    this.hasOlder = cursor !== null;
    return found;
  }
}
