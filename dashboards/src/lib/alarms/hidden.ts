import type { Suspension } from '$lib/api/types';
import { t } from '$lib/messages';
import { shortTime } from '$lib/measure/time';

/** `Shelved until 14:20:00: cleaned (A. Ohm)` */
export function hiddenText(hiding: Suspension, nowMs: number): string {
  return t.alarms.hidden({
    kind: hiding.kind,
    until: hiding.until ? shortTime(Date.parse(hiding.until), nowMs) : null,
    by: hiding.by,
    reason: hiding.reason
  });
}
