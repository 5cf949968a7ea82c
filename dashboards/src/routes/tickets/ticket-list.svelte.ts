import type { Api } from '$lib/api/client';
import type { SlaClock, Ticket } from '$lib/api/types';
import { nextOf } from '$lib/promises/standing';
import { Refresher } from '$lib/state/refresher';
import { queryOf, type TicketFilter } from '$lib/tickets/filter';

/** The tickets that fit a filter, and what was promised about each of them next. */
export class TicketList {
  tickets = $state.raw<Ticket[] | null>(null);
  /** By ticket, the promise that has to be kept next. */
  next = $state.raw<ReadonlyMap<string, SlaClock>>(new Map());
  /** Whether older ones are left; only where the list is read page by page. */
  hasOlder = $state(false);
  problem = $state<unknown>(null);

  #filter: TicketFilter | null = null;
  #pages = 1;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {}

  show(filter: TicketFilter): void {
    const before = this.#filter;
    this.#filter = filter;
    this.#pages = 1;
    // Typing on keeps what is there until the answer has come.
    if (before?.view !== filter.view || before.state !== filter.state) this.tickets = null;
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
        filter.view === 'board' ? this.#board(filter) : this.#list(filter),
        this.api.promises.ofTickets()
      ]);
      // Another filter may have been chosen meanwhile; its own load follows.
      if (filter !== this.#filter) return;
      this.tickets = found;
      this.next = nextOf(clocks);
      this.problem = null;
    } catch (error) {
      if (filter === this.#filter) this.problem = error;
    }
  }

  /** Everything that is open, and the newest of what is closed. */
  async #board(filter: TicketFilter): Promise<Ticket[]> {
    const open = queryOf(filter);
    open.set('open', 'true');
    const closed = queryOf(filter);
    closed.set('state', 'closed');
    const [all, newest] = await Promise.all([
      this.api.allTicketsOf(open),
      this.api.ticketsOf(closed)
    ]);
    this.hasOlder = false;
    return [...all, ...newest.items];
  }

  async #list(filter: TicketFilter): Promise<Ticket[]> {
    const query = queryOf(filter);
    if (filter.state === 'active') query.set('open', 'true');
    else if (filter.state !== 'all') query.set('state', filter.state);
    if (filter.state === 'all' || filter.state === 'closed' || filter.state === 'cancelled') {
      return this.#newest(query);
    }
    this.hasOlder = false;
    return this.api.allTicketsOf(query);
  }

  /** Tickets that are over pile up for years: as many pages of them as were asked for. */
  async #newest(query: URLSearchParams): Promise<Ticket[]> {
    const found: Ticket[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < this.#pages; page += 1) {
      const answer = await this.api.ticketsOf(query, cursor);
      found.push(...answer.items);
      cursor = answer.next_cursor ?? null;
      if (!cursor) break;
    }
    this.hasOlder = cursor !== null;
    return found;
  }
}
