import { describe, expect, it } from 'vitest';
import type { SlaClock, Ticket } from '../src/lib/api/types';
import {
  CLOSED_LATELY_MS,
  columnsOf,
  filterOf,
  isFiltered,
  queryOf,
  searchOf,
  withDue
} from '../src/lib/tickets/filter';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const before = (ms: number) => new Date(NOW - ms).toISOString();

const ticket = (id: string, more: Partial<Ticket> = {}) =>
  ({ id, state: 'open', opened_at: before(60_000), closed_at: null, ...more }) as Ticket;

describe('the filter of an address', () => {
  it('comes back as it was', () => {
    const text = 'view=board&state=diagnosing&priority=high&due=late&customer=c1&q=seal';
    expect(searchOf(filterOf(new URLSearchParams(text))).toString()).toBe(text);
  });

  it('leaves out what it does not know, and is as usual then', () => {
    const filter = filterOf(new URLSearchParams('state=lost&priority=9&due=never&view=map'));
    expect(searchOf(filter).toString()).toBe('');
    expect(isFiltered(filter)).toBe(false);
  });

  it('asks the API for what it can find; promises are looked at here', () => {
    const filter = filterOf(new URLSearchParams('priority=high&due=soon&customer=c1&q=+seal+'));
    expect(queryOf(filter).toString()).toBe('priority=high&customer=c1&q=seal');
  });

  it('tells tickets in the state open from those that are active', () => {
    expect(filterOf(new URLSearchParams('')).state).toBe('active');
    expect(filterOf(new URLSearchParams('state=open')).state).toBe('open');
  });
});

it('only those whose next promise stands so are left', () => {
  const next = new Map([
    ['a', { state: 'breached', due_at: before(1) } as SlaClock],
    ['b', { state: 'on_hold', due_at: null } as SlaClock]
  ]);
  const ids = (due: 'late' | 'on_hold' | null) =>
    withDue([ticket('a'), ticket('b'), ticket('c')], due, next, NOW).map(({ id }) => id);
  expect(ids('late')).toEqual(['a']);
  expect(ids('on_hold')).toEqual(['b']);
  expect(ids(null)).toEqual(['a', 'b', 'c']);
});

it('a board has what was closed lately, the last one first, and nothing that was cancelled', () => {
  const columns = columnsOf(
    [
      ticket('a'),
      ticket('gone', { state: 'cancelled' }),
      ticket('old', { state: 'closed', closed_at: before(CLOSED_LATELY_MS + 1) }),
      ticket('b', { state: 'closed', closed_at: before(2_000) }),
      ticket('c', { state: 'closed', closed_at: before(1_000) })
    ],
    NOW
  );
  const ids = Object.fromEntries(columns.map((c) => [c.state, c.tickets.map(({ id }) => id)]));
  expect(ids).toEqual({ open: ['a'], diagnosing: [], resolved: [], closed: ['c', 'b'] });
});
