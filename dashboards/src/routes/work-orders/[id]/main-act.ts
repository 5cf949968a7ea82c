import type { Stage } from '$lib/field/stage';
import { t } from '$lib/messages';
import type { IconName } from '$lib/ui/Icon.svelte';
import type { Steering } from './steering';

export interface Act {
  text: string;
  icon: IconName;
  /** Operations that it calls. */
  needs: readonly string[];
  does: (by: Steering) => Promise<void>;
}

/** What is done next; null where that is somebody else's, the machine's, or nothing. */
export function mainAct(stage: Stage): Act | null {
  const { field, work } = t;
  const session = ['move_repair_session'];
  switch (stage) {
    case 'travel':
      return {
        text: field.step.travelling,
        icon: 'travel',
        needs: ['move_visit'],
        does: (by) => by.leave()
      };
    case 'arrive':
      return {
        text: field.step.on_site,
        icon: 'pin',
        needs: ['move_visit'],
        does: (by) => by.arrive()
      };
    case 'start':
      return {
        text: work.next.start,
        icon: 'repair',
        needs: ['prepare_repair_session', ...session],
        does: (by) => by.start()
      };
    case 'working':
      return {
        text: work.next.test,
        icon: 'diagnosing',
        needs: session,
        does: (by) => by.test()
      };
    case 'paused':
      return {
        text: work.next.resume,
        icon: 'play',
        needs: ['add_repair_session_entry'],
        does: (by) => by.resume()
      };
    case 'rejected':
      return { text: work.next.again, icon: 'repair', needs: session, does: (by) => by.again() };
    case 'handOver':
      return {
        text: work.next.handOver,
        icon: 'resolved',
        needs: session,
        does: (by) => by.handOver()
      };
    case 'hold':
      return {
        text: work.next.unhold,
        icon: 'play',
        needs: ['move_work_order'],
        does: (by) => by.unhold()
      };
    case 'waiting':
    case 'test':
    case 'over':
      return null;
  }
}
