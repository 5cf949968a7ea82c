import type {
  Priority,
  PriorityRow,
  RequestKind,
  RequestPriority,
  Scope,
  Urgency
} from '$lib/api/types';

/** What a person says about a request before it has a priority. */
export interface Said {
  urgency: Urgency | null;
  scope: Scope | null;
  kind: RequestKind | null;
}

export interface WholeSaid {
  urgency: Urgency;
  scope: Scope;
  kind: RequestKind;
}

/** All three, or null while one of them is missing. */
export function wholeOf({ urgency, scope, kind }: Said): WholeSaid | null {
  return urgency && scope && kind ? { urgency, scope, kind } : null;
}

/** What the table says; null while something is missing. */
export function priorityOf(table: readonly PriorityRow[], said: Said): RequestPriority | null {
  const row = table.find(
    ({ urgency, scope, kind }) =>
      urgency === said.urgency && scope === said.scope && kind === said.kind
  );
  return row?.priority ?? null;
}

/** The priority of the ticket that a request becomes: marked by the same bars. */
export const AS_TICKET: Readonly<Record<RequestPriority, Priority>> = {
  urgent: 'critical',
  high: 'high',
  normal: 'medium',
  low: 'low'
};
