import { describe, expect, it } from 'vitest';
import type {
  AxisItem,
  RepairSession,
  SessionState,
  Visit,
  VisitState,
  WorkOrderState
} from '../src/lib/api/types';
import { isPaused, sessionOf, stageOf, visitOf, type Standing } from '../src/lib/field/stage';

function stage(order: WorkOrderState, more: Partial<Omit<Standing, 'order'>> = {}) {
  const nothing = { visit: null, session: null, paused: false, gate: null };
  return stageOf({ order: { state: order }, ...nothing, ...more });
}
const visit = (id: string, state: VisitState, begins = '2026-11-27T08:00:00Z') =>
  ({ id, state, starts_at: begins }) as Visit;
const session = (id: string, state: SessionState, visit_id: string | null, made = '2026-11-27') =>
  ({ id, state, visit_id, created_at: made }) as RepairSession;

describe('what comes next of a work order', () => {
  it('is the way, then the arrival, then the repair', () => {
    expect(stage('unscheduled')).toBe('waiting');
    expect(stage('scheduled', { visit: visit('v', 'planned') })).toBe('travel');
    expect(stage('dispatched', { visit: visit('v', 'dispatched') })).toBe('travel');
    expect(stage('dispatched', { visit: visit('v', 'travelling') })).toBe('arrive');
    expect(stage('in_progress', { visit: visit('v', 'on_site') })).toBe('start');
  });

  it('follows the repair session once there is one', () => {
    const at = (state: SessionState, more = {}) =>
      stage('in_progress', { session: { state }, ...more });
    expect(at('draft')).toBe('start');
    expect(at('running')).toBe('working');
    expect(at('running', { paused: true })).toBe('paused');
    expect(at('acceptance_test', { gate: { may_leave: false } })).toBe('test');
    expect(at('acceptance_test', { gate: { may_leave: true } })).toBe('handOver');
    expect(at('rejected')).toBe('rejected');
  });

  it('waits on hold, and is nothing when it is over, whatever its session says', () => {
    expect(stage('on_hold', { session: { state: 'running' } })).toBe('hold');
    for (const state of ['completed', 'verifying', 'closed', 'cancelled'] as const) {
      expect(stage(state, { session: { state: 'running' } })).toBe('over');
    }
  });
});

describe('what belongs to a work order', () => {
  it('is the visit that is not over, or the newest one', () => {
    const missed = visit('missed', 'missed', '2026-11-28T08:00:00Z');
    const done = visit('done', 'done', '2026-11-26T08:00:00Z');
    const ahead = visit('ahead', 'planned', '2026-11-27T08:00:00Z');
    expect(visitOf([missed, ahead, done])?.id).toBe('ahead');
    expect(visitOf([done, missed])?.id).toBe('missed');
    expect(visitOf([])).toBeNull();
  });

  it('is the newest session of its visits, or one of the ticket without a visit', () => {
    const visits = [visit('v', 'on_site')];
    const own = session('own', 'verified', 'v', '2026-11-26');
    const other = session('other', 'running', 'w', '2026-11-27');
    const loose = session('loose', 'running', null, '2026-11-27');
    expect(sessionOf([other, own, loose], visits)?.id).toBe('own');
    expect(sessionOf([other, loose], visits)?.id).toBe('loose');
    expect(sessionOf([other, session('old', 'verified', null)], visits)).toBeNull();
    expect(sessionOf([session('given up', 'abandoned', 'v')], visits)).toBeNull();
  });
});

describe('the work', () => {
  const entry = (kind: string) => ({ what: 'entry', is: { kind } }) as AxisItem;
  const step = { what: 'step', is: {} } as AxisItem;

  it('rests from a pause until it goes on, or until the session moves on', () => {
    expect(isPaused([step, entry('paused')])).toBe(true);
    expect(isPaused([step, entry('paused'), entry('note')])).toBe(true);
    expect(isPaused([step, entry('paused'), entry('resumed')])).toBe(false);
    expect(isPaused([entry('paused'), step])).toBe(false);
    expect(isPaused([])).toBe(false);
  });
});
