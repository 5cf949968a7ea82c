/** What a preview is asked for, as the address says it: it can be shared. */
import type { Beginning } from '$lib/api/policies';
import type { Priority } from '$lib/api/types';
import { ofField } from '$lib/measure/time';

export const PRIORITIES: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Without words in the address: of medium priority, now, here. */
export function beginningOf(query: URLSearchParams, nowMs: number): Beginning {
  const start = ofField(query.get('start') ?? '');
  return {
    priority: PRIORITIES.find((one) => one === query.get('priority')) ?? 'medium',
    startMs: start?.getTime() ?? nowMs,
    zone: query.get('zone') ?? ownZone()
  };
}
