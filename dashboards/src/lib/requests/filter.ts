import type {
  CustomerRequest,
  RequestChannel,
  RequestPriority,
  RequestState
} from '$lib/api/types';
import { t } from '$lib/messages';

export const ORDERS = ['urgent', 'newest'] as const;

/** Which requests are shown and in which order; kept in the address, so that a view can be sent to somebody. */
export interface RequestFilter {
  order: (typeof ORDERS)[number];
  /** `open`: neither closed nor rejected; `waiting`: somebody of ours has to do something. */
  state: 'open' | 'waiting' | 'all' | RequestState;
  channel: RequestChannel | null;
  priority: RequestPriority | null;
  /** Id of a customer. */
  customer: string | null;
  /** Words that are searched for. */
  q: string;
}

function known<T extends string>(value: string | null, words: Record<T, string>): T | null {
  return value !== null && Object.hasOwn(words, value) ? (value as T) : null;
}

/** The filter of an address; what it does not know is left out. */
export function filterOf(search: URLSearchParams): RequestFilter {
  const state = search.get('state');
  return {
    order: search.get('order') === 'newest' ? 'newest' : 'urgent',
    state:
      state === 'all' || state === 'waiting' ? state : (known(state, t.requests.state) ?? 'open'),
    channel: known(search.get('channel'), t.requests.channel),
    priority: known(search.get('priority'), t.requests.priority),
    customer: search.get('customer') || null,
    q: search.get('q') ?? ''
  };
}

export function isFiltered({ state, channel, priority, customer, q }: RequestFilter): boolean {
  return state !== 'open' || channel !== null || priority !== null || customer !== null || q !== '';
}

/** The address of a filter, without what is as usual. */
export function searchOf(filter: RequestFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.order !== 'urgent') search.set('order', filter.order);
  if (filter.state !== 'open') search.set('state', filter.state);
  if (filter.channel) search.set('channel', filter.channel);
  if (filter.priority) search.set('priority', filter.priority);
  if (filter.customer) search.set('customer', filter.customer);
  if (filter.q) search.set('q', filter.q);
  return search;
}

/** What the API is asked for; channels are looked at here, since it has no filter for them. */
export function queryOf({ state, priority, customer, q }: RequestFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (state === 'open' || state === 'waiting') query.set('open', 'true');
  else if (state !== 'all') query.set('state', state);
  if (priority) query.set('priority', priority);
  if (customer) query.set('customer', customer);
  if (q.trim()) query.set('q', q.trim());
  return query;
}

/** Whether what fits may pile up for years and is read page by page. */
export function isEndless({ state }: RequestFilter): boolean {
  return state === 'all' || state === 'closed' || state === 'rejected';
}

/** Somebody of ours has to do something about it. */
export function isWaiting({ state }: CustomerRequest): boolean {
  return state === 'received' || state === 'classified';
}

export function fitting(
  requests: readonly CustomerRequest[],
  { state, channel }: RequestFilter
): CustomerRequest[] {
  return requests.filter(
    (request) =>
      (channel === null || request.channel === channel) &&
      (state !== 'waiting' || isWaiting(request))
  );
}
