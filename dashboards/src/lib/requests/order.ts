import type { CustomerRequest, RequestPriority, SlaClock } from '$lib/api/types';
import { isWaiting, type RequestFilter } from './filter';

const PRIORITIES: readonly RequestPriority[] = ['urgent', 'high', 'normal', 'low'];

/** What goes first comes first; what nobody has looked at may be anything, and stands as normal. */
function rank({ fast_lane, priority }: CustomerRequest): number {
  return fast_lane ? 0 : PRIORITIES.indexOf(priority ?? 'normal');
}

/**
 * What waits for somebody of ours before what is under way, the most urgent first, then what was
 * promised first, then what has waited longest.
 */
export function ordered(
  requests: readonly CustomerRequest[],
  order: RequestFilter['order'],
  next: ReadonlyMap<string, SlaClock>
): CustomerRequest[] {
  const newest = (a: CustomerRequest, b: CustomerRequest) =>
    b.received_at.localeCompare(a.received_at);
  if (order === 'newest') return [...requests].sort(newest);
  const due = ({ id }: CustomerRequest) => next.get(id)?.due_at ?? '9999';
  return [...requests].sort(
    (a, b) =>
      Number(isWaiting(b)) - Number(isWaiting(a)) ||
      rank(a) - rank(b) ||
      due(a).localeCompare(due(b)) ||
      newest(b, a)
  );
}
