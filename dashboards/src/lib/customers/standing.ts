import type { Asset, Contract, Customer, Ticket } from '$lib/api/types';

/** A customer with what is there and what is open. */
export interface CustomerStanding {
  customer: Customer;
  machines: number;
  tickets: number;
}

export function standingsOf(
  customers: readonly Customer[],
  assets: readonly Asset[],
  open: readonly Ticket[]
): CustomerStanding[] {
  const owner = new Map(assets.map(({ id, customer_id }) => [id, customer_id]));
  return customers.map((customer) => ({
    customer,
    machines: assets.filter(({ customer_id }) => customer_id === customer.id).length,
    tickets: open.filter(({ asset_id }) => owner.get(asset_id) === customer.id).length
  }));
}

export interface CustomerFilter {
  q: string;
  segment: string;
}

export function filterOf(search: URLSearchParams): CustomerFilter {
  return { q: search.get('q') ?? '', segment: search.get('segment') ?? '' };
}

export function shownOf(
  standings: readonly CustomerStanding[],
  { q, segment }: CustomerFilter
): CustomerStanding[] {
  const words = q.trim().toLowerCase();
  return standings.filter(
    ({ customer }) =>
      (segment === '' || customer.segment === segment) &&
      `${customer.name} ${customer.segment}`.toLowerCase().includes(words)
  );
}

/** The words of the house by which customers are told apart, each once. */
export function segmentsOf(standings: readonly CustomerStanding[]): string[] {
  const all = new Set(standings.map(({ customer }) => customer.segment).filter(Boolean));
  return [...all].sort((a, b) => a.localeCompare(b));
}

/** Whether a contract holds at a moment. */
export function holds(
  { from, to }: Pick<Contract, 'from' | 'to'>,
  nowMs: number
): 'in_force' | 'over' | 'not_yet' {
  if (Date.parse(from) > nowMs) return 'not_yet';
  return to !== null && Date.parse(to) <= nowMs ? 'over' : 'in_force';
}

/** Both degrees of a place, none of them, or null where one is missing or no number. */
export function placeOf(
  north: string,
  east: string
): { latitude: number | null; longitude: number | null } | null {
  const [a, b] = [north, east].map((text) => text.trim().replace(',', '.'));
  if (!a && !b) return { latitude: null, longitude: null };
  const [latitude, longitude] = [Number(a), Number(b)];
  if (!a || !b || !Number.isFinite(latitude) || !Number.isFinite(longitude)) return null;
  return { latitude, longitude };
}
