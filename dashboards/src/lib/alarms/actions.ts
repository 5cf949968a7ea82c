import type { Alarm, Suspension } from '$lib/api/types';

export type AlarmAction = 'acknowledge' | 'reset' | 'shelve' | 'unshelve';

const HIDDEN: readonly string[] = ['shelved', 'suppressed_by_design', 'out_of_service'];

/**
 * What a person can do with an alarm now, by the table of transitions in docs/alarms.md; the most
 * likely first. `hiddenBy` is the suspension that hides it: only what a person shelved is taken
 * from the shelf here; a repair or maintenance ends in its own place.
 */
export function actionsOf(alarm: Alarm, hiddenBy: Suspension | null): AlarmAction[] {
  const { state } = alarm;
  if (HIDDEN.includes(state)) return hiddenBy?.kind === 'shelved' ? ['unshelve'] : [];
  const actions: AlarmAction[] = [];
  const latched = state === 'latched_unacknowledged' || state === 'latched_acknowledged';
  if (
    state === 'unacknowledged_active' ||
    state === 'unacknowledged_cleared' ||
    state === 'latched_unacknowledged'
  ) {
    actions.push('acknowledge');
  }
  if (latched) actions.push('reset');
  actions.push('shelve');
  return actions;
}
