/**
 * What work beside a machine changes in what was read, until the server has it. The states that can
 * follow are those of the server (its `state.rs` files), as far as a technician brings them about.
 */
import type {
  NewEntry,
  NewSession,
  Reservation,
  ReservationState,
  SessionState,
  Visit,
  VisitState,
  WorkOrderState
} from '$lib/api/types';
import type { Effect } from '$lib/offline/effects';

/** Ids of what only this device knows, apart from those that the server takes over. */
export const UNSENT = 'unsent:';

const AFTER_VISIT: Partial<Record<VisitState, readonly VisitState[]>> = {
  travelling: ['on_site', 'missed', 'cancelled'],
  on_site: ['done', 'missed']
};

const AFTER_ORDER: Partial<Record<WorkOrderState, readonly WorkOrderState[]>> = {
  in_progress: ['completed', 'unscheduled', 'on_hold'],
  on_hold: ['unscheduled', 'in_progress', 'cancelled'],
  completed: ['verifying', 'closed', 'reopened']
};

const AFTER_SESSION: Partial<Record<SessionState, readonly SessionState[]>> = {
  draft: ['running', 'abandoned'],
  running: ['acceptance_test'],
  acceptance_test: ['verified', 'rejected'],
  rejected: ['running']
};

export function orderMoved(id: string, to: WorkOrderState, why: string): Effect[] {
  const hold_reason = to === 'on_hold' ? why : null;
  return [{ id, set: { state: to, next_states: AFTER_ORDER[to] ?? [], hold_reason } }];
}

/** The work order follows its visit. */
export function visitMoved({ id, work_order_id }: Visit, to: VisitState): Effect[] {
  const moved: Effect = { id, set: { state: to, next_states: AFTER_VISIT[to] ?? [] } };
  return to === 'on_site' ? [moved, ...orderMoved(work_order_id, 'in_progress', '')] : [moved];
}

export function ticked(id: string, isDone: boolean, who: string, at: string): Effect[] {
  return [{ id, set: isDone ? { done_at: at, done_by: who } : { done_at: null, done_by: null } }];
}

export function partMoved(part: Reservation, to: ReservationState, used: number | null): Effect[] {
  const set = { state: to, next_states: [], ...(used === null ? {} : { used: part.used + used }) };
  return [{ id: part.id, set }];
}

export function attached(path: string, file: Blob, title: string, at: string): Effect[] {
  const id = `${UNSENT}${at}${title}`;
  const about = { title, at, media_type: file.type, bytes: file.size, sha256: '', by: '' };
  return [{ path, add: { ...about, id, attached_to: { kind: 'work_order', id } } }];
}

/** A session that the device has named itself: it is read under that name at once. */
export function prepared(id: string, session: NewSession, at: string): Effect[] {
  const draft = {
    id,
    asset_id: session.asset_id,
    asset_name: '',
    ticket_id: session.ticket_id ?? null,
    visit_id: session.visit_id ?? null,
    title: session.title,
    state: 'draft',
    next_states: AFTER_SESSION.draft,
    technicians: session.technicians,
    started_at: null,
    ended_at: null,
    planned_end: null,
    fault_since: null,
    verdict: null,
    created_at: at
  };
  const path = `/api/v1/repair-sessions/${id}`;
  return [
    { path: '/api/v1/repair-sessions', add: draft },
    { path, is: { ...draft, axis: [] } },
    { path: `${path}/gate`, is: { may_leave: false, missing: [], left_at: null } }
  ];
}

export function sessionMoved(id: string, to: SessionState, step: Effect, at: string): Effect[] {
  const times = {
    ...(to === 'running' ? { started_at: at } : {}),
    ...(to === 'acceptance_test' ? { ended_at: at } : {})
  };
  return [{ id, set: { state: to, next_states: AFTER_SESSION[to] ?? [], ...times } }, step];
}

/** A step of a session, on its axis. */
export function stepTaken(
  id: string,
  to: SessionState,
  why: string,
  who: string,
  at: string
): Effect {
  const is = { from: null, to, who, why, recorded_at: at, planned_end: null, suspension_id: null };
  return { id, list: 'axis', add: { at, what: 'step', is } };
}

export function writtenDown(id: string, entry: NewEntry, who: string, at: string): Effect[] {
  const is = { ...entry, id: `${UNSENT}${at}`, at, author: who, recorded_at: at, device_at: at };
  return [{ id, list: 'axis', add: { at, what: 'entry', is: { corrects: null, ...is } } }];
}
