import type { Api } from '$lib/api/client';
import type { CustomerRequest, SlaClock } from '$lib/api/types';
import { nextOf } from '$lib/promises/standing';
import { fitting, isEndless, queryOf, type RequestFilter } from '$lib/requests/filter';
import { FilteredList } from '$lib/state/filtered-list.svelte';

type Found = [CustomerRequest[], SlaClock[]];

/** The requests that fit a filter, and until when each of them waits for a first word. */
export class RequestList extends FilteredList<RequestFilter, Found> {
  requests = $state.raw<CustomerRequest[] | null>(null);
  /** By request, the promise that has to be kept next. */
  next = $state.raw<ReadonlyMap<string, SlaClock>>(new Map());

  constructor(private readonly api: Api) {
    super();
  }

  protected forget(before: RequestFilter | null, next: RequestFilter): void {
    // Typing on keeps what is there until the answer has come.
    if (before?.state !== next.state) this.requests = null;
  }

  protected read(filter: RequestFilter): Promise<Found> {
    const query = queryOf(filter);
    const found = isEndless(filter)
      ? this.newest((cursor) => this.api.requests.page(query, cursor))
      : this.#open(query);
    return Promise.all([found, this.api.requests.promises()]);
  }

  protected take([found, clocks]: Found, filter: RequestFilter): void {
    this.requests = fitting(found, filter);
    this.next = nextOf(clocks);
  }

  #open(query: URLSearchParams): Promise<CustomerRequest[]> {
    this.hasOlder = false;
    return this.api.requests.all(query);
  }
}
