import type { Alarm, AlarmState, Priority } from '$lib/api/types';

/** What needs somebody most comes first: active and unseen, then what waits, then what is hidden. */
const STATES: readonly AlarmState[] = [
  'unacknowledged_active',
  'latched_unacknowledged',
  'acknowledged_active',
  'unacknowledged_cleared',
  'latched_acknowledged',
  'shelved',
  'suppressed_by_design',
  'out_of_service',
  'normal'
];

const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

/** By state, then by priority, then the newest first. */
export function byUrgency(alarms: readonly Alarm[]): Alarm[] {
  return [...alarms].sort(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
      b.last_raised_at.localeCompare(a.last_raised_at)
  );
}
