import { describe, expect, it } from 'vitest';
import type { SlaClock } from '../src/lib/api/types';
import { longSpan } from '../src/lib/measure/time';
import {
  byPromise,
  isRecomputed,
  leftOf,
  nextOf,
  standingOf,
  usedOf
} from '../src/lib/promises/standing';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const HOUR = 60 * 60_000;
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString();

function clock(more: Partial<SlaClock> = {}): SlaClock {
  return {
    id: 'clock',
    subject_kind: 'ticket',
    subject_id: 'a',
    kind: 'resolution',
    priority: 'medium',
    policy: 'A',
    policy_version: 1,
    contract_id: null,
    contract_name: null,
    calendar: null,
    calendar_version: null,
    time_zone: 'UTC',
    target_s: 14_400,
    state: 'running',
    started_at: at(-2),
    due_at: at(2),
    due_soon_at: at(1),
    promised_due_at: at(2),
    met_at: null,
    breached_at: null,
    ...more
  };
}

describe('how a promise stands', () => {
  it('goes by the clock between two news of the server', () => {
    expect(standingOf(clock(), NOW)).toBe('running');
    expect(standingOf(clock(), NOW + HOUR)).toBe('soon');
    expect(standingOf(clock(), NOW + 2 * HOUR)).toBe('late');
  });

  it('stays late, and tells what was kept too late', () => {
    expect(standingOf(clock({ state: 'breached', due_at: at(-1) }), NOW)).toBe('late');
    expect(standingOf(clock({ state: 'met', met_at: at(-1) }), NOW)).toBe('met');
    expect(standingOf(clock({ state: 'met', breached_at: at(-2) }), NOW)).toBe('met_late');
  });

  it('has no time left to tell while it is on hold', () => {
    const held = clock({ state: 'on_hold', due_at: null, due_soon_at: null });
    expect(standingOf(held, NOW)).toBe('on_hold');
    expect(leftOf(held, NOW)).toBeNull();
    expect(usedOf(held, NOW)).toBe(0);
    expect(isRecomputed(held)).toBe(false);
  });

  it('uses up its time from the beginning to the promise, and no more', () => {
    expect(usedOf(clock(), NOW)).toBe(0.5);
    expect(usedOf(clock(), NOW + 9 * HOUR)).toBe(1);
  });

  it('is told apart from what was promised first', () => {
    expect(isRecomputed(clock())).toBe(false);
    expect(isRecomputed(clock({ due_at: at(3) }))).toBe(true);
  });
});

describe('which promise comes next', () => {
  it('is the one that is due first; what is on hold waits, what is over counts no more', () => {
    const next = nextOf([
      clock({ id: 'later', due_at: at(5) }),
      clock({ id: 'first', due_at: at(1) }),
      clock({ id: 'over', state: 'met', due_at: at(0) }),
      clock({ id: 'held', state: 'on_hold', due_at: null })
    ]);
    expect(next.get('a')?.id).toBe('first');
  });

  it('orders tickets: late, due, on hold, nothing promised', () => {
    const tickets = ['none', 'held', 'due', 'late'].map((id) => ({ id, opened_at: at(-3) }));
    const next = nextOf([
      clock({ subject_id: 'held', state: 'on_hold', due_at: null }),
      clock({ subject_id: 'due' }),
      clock({ subject_id: 'late', state: 'breached', due_at: at(-1) })
    ]);
    expect(byPromise(tickets, next).map(({ id }) => id)).toEqual(['late', 'due', 'held', 'none']);
  });

  it('orders what was promised nothing by age, the newest first', () => {
    const tickets = [-3, -1, -2].map((hours) => ({ id: `${hours}`, opened_at: at(hours) }));
    expect(byPromise(tickets, new Map()).map(({ id }) => id)).toEqual(['-1', '-2', '-3']);
  });
});

it('says long times in days', () => {
  const spans = [0.5, 30, 48, 76].map((hours) => longSpan(hours * HOUR));
  expect(spans).toEqual(['30 min', '30 h', '2 d', '3 d 4 h']);
});
