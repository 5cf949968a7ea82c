import type { Alarm, Suspension } from '$lib/api/types';

export type AlarmAction = 'acknowledge' | 'reset' | 'shelve' | 'unshelve';

const HIDDEN: readonly string[] = ['shelved', 'suppressed_by_design', 'out_of_service'];

/**
 * What hides an alarm, or will hide it when it is raised again: an alarm whose condition is over is
 * shelved by its name, and stays visible itself.
 */
export function hidingOf(alarm: Alarm, suspensions: Iterable<Suspension>): Suspension | null {
  let shelf: Suspension | null = null;
  for (const suspension of suspensions) {
    if (suspension.id === alarm.hidden_by) return suspension;
    const named = suspension.asset_id === alarm.asset_id && suspension.tag === alarm.tag;
    if (named && suspension.kind === 'shelved') shelf = suspension;
  }
  return shelf;
}

/**
 * What a person can do with an alarm now, by the table of transitions in docs/alarms.md; the most
 * likely first. Only what a person shelved is taken from the shelf here; a repair or maintenance
 * ends in its own place.
 */
export function actionsOf(alarm: Alarm, hiding: Suspension | null): AlarmAction[] {
  const { state } = alarm;
  const shelved = hiding?.kind === 'shelved';
  if (HIDDEN.includes(state)) return shelved ? ['unshelve'] : [];
  const actions: AlarmAction[] = [];
  if (
    state === 'unacknowledged_active' ||
    state === 'unacknowledged_cleared' ||
    state === 'latched_unacknowledged'
  ) {
    actions.push('acknowledge');
  }
  if (state === 'latched_unacknowledged' || state === 'latched_acknowledged') {
    actions.push('reset');
  }
  actions.push(shelved ? 'unshelve' : 'shelve');
  return actions;
}
