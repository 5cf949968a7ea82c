import type { Api } from '$lib/api/client';
import type { SlaClock, Ticket } from '$lib/api/types';
import { nextOf } from '$lib/promises/standing';
import { FilteredList } from '$lib/state/filtered-list.svelte';
import { queryOf, type TicketFilter } from '$lib/tickets/filter';

type Found = [Ticket[], SlaClock[]];

/** The tickets that fit a filter, and what was promised about each of them next. */
export class TicketList extends FilteredList<TicketFilter, Found> {
  tickets = $state.raw<Ticket[] | null>(null);
  /** By ticket, the promise that has to be kept next. */
  next = $state.raw<ReadonlyMap<string, SlaClock>>(new Map());

  constructor(private readonly api: Api) {
    super();
  }

  protected forget(before: TicketFilter | null, next: TicketFilter): void {
    // Typing on keeps what is there until the answer has come.
    if (before?.view !== next.view || before.state !== next.state) this.tickets = null;
  }

  protected read(filter: TicketFilter): Promise<Found> {
    const found = filter.view === 'board' ? this.#board(filter) : this.#list(filter);
    return Promise.all([found, this.api.promises.ofTickets()]);
  }

  protected take([found, clocks]: Found): void {
    this.tickets = found;
    this.next = nextOf(clocks);
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
      return this.newest((cursor) => this.api.ticketsOf(query, cursor));
    }
    this.hasOlder = false;
    return this.api.allTicketsOf(query);
  }
}
