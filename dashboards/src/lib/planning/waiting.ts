import type { Priority, WorkOrder } from '$lib/api/types';

const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

/** Work orders that wait for a visit: the most urgent first, then what was promised first. */
export function waitingOf(orders: readonly WorkOrder[]): WorkOrder[] {
  const promised = ({ latest_at: at }: WorkOrder) => at ?? '9999';
  return orders
    .filter(({ state }) => state === 'unscheduled' || state === 'reopened')
    .sort(
      (a, b) =>
        PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
        promised(a).localeCompare(promised(b)) ||
        a.created_at.localeCompare(b.created_at)
    );
}
