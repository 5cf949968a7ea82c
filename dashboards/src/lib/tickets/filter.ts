import type { Priority, SlaClock, Ticket, TicketState } from '$lib/api/types';
import { t } from '$lib/messages';
import { standingOf } from '$lib/promises/standing';

export const DUE = ['late', 'soon', 'on_hold'] as const;
export type Due = (typeof DUE)[number];

/** Which tickets are shown and how; kept in the address, so that a view can be sent to somebody. */
export interface TicketFilter {
  view: 'list' | 'board';
  /** `active`: neither closed nor cancelled. The board has a column for each state instead. */
  state: 'active' | 'all' | TicketState;
  priority: Priority | null;
  /** How the next promise stands. */
  due: Due | null;
  /** Id of a customer. */
  customer: string | null;
  /** Words that are searched for. */
  q: string;
}

function known<T extends string>(value: string | null, words: Record<T, string>): T | null {
  return value !== null && Object.hasOwn(words, value) ? (value as T) : null;
}

/** The filter of an address; what it does not know is left out. */
export function filterOf(search: URLSearchParams): TicketFilter {
  const state = search.get('state');
  return {
    view: search.get('view') === 'board' ? 'board' : 'list',
    state: state === 'all' ? 'all' : (known(state, t.state) ?? 'active'),
    priority: known(search.get('priority'), t.alarms.priority),
    due: DUE.find((due) => due === search.get('due')) ?? null,
    customer: search.get('customer') || null,
    q: search.get('q') ?? ''
  };
}

export function isFiltered({ state, priority, due, customer, q }: TicketFilter): boolean {
  return state !== 'active' || priority !== null || due !== null || customer !== null || q !== '';
}

/** The address of a filter, without what is as usual. */
export function searchOf(filter: TicketFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.view !== 'list') search.set('view', filter.view);
  if (filter.state !== 'active') search.set('state', filter.state);
  if (filter.priority) search.set('priority', filter.priority);
  if (filter.due) search.set('due', filter.due);
  if (filter.customer) search.set('customer', filter.customer);
  if (filter.q) search.set('q', filter.q);
  return search;
}

/** What the API is asked for besides states; promises are looked at here. */
export function queryOf({ priority, customer, q }: TicketFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (priority) query.set('priority', priority);
  if (customer) query.set('customer', customer);
  if (q.trim()) query.set('q', q.trim());
  return query;
}

/** Those whose next promise stands as wanted. */
export function withDue(
  tickets: readonly Ticket[],
  due: Due | null,
  next: ReadonlyMap<string, SlaClock>,
  nowMs: number
): Ticket[] {
  if (due === null) return [...tickets];
  return tickets.filter(({ id }) => {
    const clock = next.get(id);
    return clock !== undefined && standingOf(clock, nowMs) === due;
  });
}

/** A board shows what was closed in the last days only. */
export const CLOSED_LATELY_MS = 14 * 24 * 60 * 60_000;

export const COLUMNS = ['open', 'diagnosing', 'resolved', 'closed'] as const;

/** The tickets of a board by column; what was closed last comes first there. */
export function columnsOf(tickets: readonly Ticket[], nowMs: number) {
  const closedAt = (ticket: Ticket) => Date.parse(ticket.closed_at ?? ticket.opened_at);
  return COLUMNS.map((state) => {
    const those = tickets.filter((ticket) => ticket.state === state);
    if (state !== 'closed') return { state, tickets: those };
    const lately = those.filter((ticket) => closedAt(ticket) > nowMs - CLOSED_LATELY_MS);
    return { state, tickets: lately.sort((a, b) => closedAt(b) - closedAt(a)) };
  });
}
