/** How far the work of a work order is, and so what comes next. */
import type { AxisItem, Gate, RepairSession, Visit, WorkOrder } from '$lib/api/types';
import { isAhead } from '$lib/planning/advice';

export type Stage =
  | 'waiting'
  | 'travel'
  | 'arrive'
  | 'start'
  | 'working'
  | 'paused'
  | 'test'
  | 'rejected'
  | 'handOver'
  | 'hold'
  | 'over';

export interface Standing {
  order: Pick<WorkOrder, 'state'>;
  /** The one that is not over. */
  visit: Pick<Visit, 'state'> | null;
  session: Pick<RepairSession, 'state'> | null;
  paused: boolean;
  gate: Pick<Gate, 'may_leave'> | null;
}

export function stageOf({ order, visit, session, paused, gate }: Standing): Stage {
  switch (order.state) {
    case 'completed':
    case 'verifying':
    case 'closed':
    case 'cancelled':
      return 'over';
    case 'on_hold':
      return 'hold';
  }
  switch (session?.state) {
    case 'running':
      return paused ? 'paused' : 'working';
    case 'acceptance_test':
      return gate?.may_leave ? 'handOver' : 'test';
    case 'rejected':
      return 'rejected';
  }
  if (visit?.state === 'on_site' || order.state === 'in_progress') return 'start';
  if (visit?.state === 'travelling') return 'arrive';
  return visit ? 'travel' : 'waiting';
}

/** The visit that is not over, or the newest one. */
export function visitOf(visits: readonly Visit[]): Visit | null {
  const newest = [...visits].sort((a, b) => b.starts_at.localeCompare(a.starts_at));
  return newest.find(isAhead) ?? newest[0] ?? null;
}

const UNDER_WAY: readonly string[] = ['draft', 'running', 'acceptance_test', 'rejected'];

/**
 * The repair session of a work order: one of its visits, or, where somebody began it from the ticket,
 * one of the ticket that is under way. The newest of several.
 */
export function sessionOf(
  sessions: readonly RepairSession[],
  visits: readonly Visit[]
): RepairSession | null {
  const ids = new Set(visits.map(({ id }) => id));
  const newest = sessions
    .filter(({ state }) => state !== 'abandoned')
    .sort((a, b) => b.created_at.localeCompare(a.created_at));
  const own = newest.find(({ visit_id }) => visit_id !== null && ids.has(visit_id));
  return own ?? newest.find((s) => s.visit_id === null && UNDER_WAY.includes(s.state)) ?? null;
}

/** Whether the work of a running session rests. */
export function isPaused(axis: readonly AxisItem[]): boolean {
  const last = axis.findLast(
    ({ what, is }) => what === 'step' || (what === 'entry' && PAUSES.includes(is.kind))
  );
  return last?.what === 'entry' && last.is.kind === 'paused';
}

const PAUSES: readonly string[] = ['paused', 'resumed'];
