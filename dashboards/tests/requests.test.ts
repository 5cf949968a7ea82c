import { describe, expect, it } from 'vitest';
import { stepsOf } from '../src/lib/changes';
import type { Change, CustomerRequest, PriorityRow, SlaClock } from '../src/lib/api/types';
import {
  filterOf,
  fitting,
  isEndless,
  isFiltered,
  queryOf,
  searchOf
} from '../src/lib/requests/filter';
import { toldOf, whyOf } from '../src/lib/requests/history';
import { ordered } from '../src/lib/requests/order';
import { priorityOf, wholeOf } from '../src/lib/requests/priority';
import { whoseOf } from '../src/lib/requests/whose';
import { canAnswer, plainSteps } from '../src/lib/requests/writing';

const request = (id: string, more: Partial<CustomerRequest> = {}) =>
  ({
    id,
    state: 'received',
    channel: 'phone',
    priority: null,
    fast_lane: false,
    received_at: '2026-03-02T08:00:00Z',
    next_states: [],
    ...more
  }) as CustomerRequest;
const ids = (requests: readonly CustomerRequest[]) => requests.map(({ id }) => id);
const filter = (text: string) => filterOf(new URLSearchParams(text));

describe('the filter of an address', () => {
  it('comes back as it was', () => {
    const text = 'order=newest&state=classified&channel=email&priority=urgent&customer=c1&q=seal';
    expect(searchOf(filter(text)).toString()).toBe(text);
  });

  it('leaves out what it does not know, and is as usual then', () => {
    const usual = filter('order=old&state=lost&channel=fax&priority=9');
    expect(searchOf(usual).toString()).toBe('');
    expect(isFiltered(usual)).toBe(false);
  });

  it('asks the API for what it can find; channels and what waits are looked at here', () => {
    expect(queryOf(filter('state=waiting&channel=email&customer=c1&q=+seal+')).toString()).toBe(
      'open=true&customer=c1&q=seal'
    );
    expect(queryOf(filter('state=all')).toString()).toBe('');
    expect(isEndless(filter('state=closed'))).toBe(true);
    expect(isEndless(filter('state=received'))).toBe(false);
    const all = [
      request('a'),
      request('b', { state: 'ticketed' }),
      request('c', { channel: 'email' })
    ];
    expect(ids(fitting(all, filter('state=waiting&channel=phone')))).toEqual(['a']);
  });
});

describe('the order', () => {
  const next = new Map([
    ['soon', { due_at: '2026-03-02T09:00:00Z' } as SlaClock],
    ['later', { due_at: '2026-03-02T12:00:00Z' } as SlaClock]
  ]);
  const all = [
    request('answered', { state: 'answered', priority: 'urgent', fast_lane: true }),
    request('low', { state: 'classified', priority: 'low' }),
    request('later'),
    request('soon'),
    request('lane', { fast_lane: true, received_at: '2026-03-02T09:00:00Z' })
  ];

  it('has what waits first, the fast lane before it, then what was promised first', () => {
    expect(ids(ordered(all, 'urgent', next))).toEqual(['lane', 'soon', 'later', 'low', 'answered']);
  });

  it('or what came last', () => {
    expect(ids(ordered(all, 'newest', next))[0]).toBe('lane');
  });
});

it('the table says the priority once all three things are said', () => {
  const said = { urgency: 'general', scope: 'local', kind: 'product_quality' } as const;
  const table: PriorityRow[] = [{ ...said, priority: 'high' }];
  expect(priorityOf(table, said)).toBe('high');
  expect(priorityOf(table, { ...said, kind: null })).toBeNull();
  expect(wholeOf({ ...said, scope: null })).toBeNull();
});

it('who asks is the contact, or what they said of themselves', () => {
  const told = { given_name: '', given_email: null, given_phone: '+1', customer_name: null };
  expect(whoseOf({ ...told, contact_name: null })).toBe('+1');
  expect(whoseOf({ ...told, contact_name: 'Li', customer_name: 'Harbour' })).toBe('Li · Harbour');
});

it('offers only steps that take a reason, and an answer once it is classified', () => {
  const received = request('a', { next_states: ['classified', 'rejected'] });
  expect(plainSteps(received)).toEqual(['rejected']);
  expect(canAnswer(received)).toBe(false);
  const closed = request('a', { state: 'closed', next_states: ['classified'] });
  expect(plainSteps(closed)).toEqual(['classified']);
  expect(canAnswer(closed)).toBe(false);
  expect(canAnswer(request('a', { state: 'ticketed', next_states: ['closed'] }))).toBe(true);
});

it('the history tells what was done at one moment as one step', () => {
  const change = (field: string, to: string, from: string | null = null) =>
    ({ field, from, to, at: '2026-03-02T08:01:00Z', who: 'Ana', why: 'as it sounds' }) as Change;
  const begun = { ...change('state', 'received'), at: '2026-03-02T08:00:00Z', why: 'phone' };
  const steps = stepsOf(
    [
      change('customer_id', '01'),
      change('priority', 'high'),
      change('state', 'classified', 'received'),
      begun
    ],
    toldOf,
    whyOf
  );
  expect(steps.map(({ text, why }) => [text, why])).toEqual([
    ['Received', 'Phone'],
    ['Received → Classified', 'Priority: High · Customer entered · as it sounds']
  ]);
});
