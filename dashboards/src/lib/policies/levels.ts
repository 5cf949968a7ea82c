/** Service levels in a line. */
import type { PolicyVersion } from '$lib/api/policies';
import { t } from '$lib/messages';
import type { Parts } from './shape';
import { serviceLevel } from './shapes';
import { NOTHING_KNOWN, rowName, shown } from './words';

/** `First response 4 hours · Resolution 24 hours` */
export function summaryOf({ content }: Pick<PolicyVersion, 'content'>): string {
  const { targets } = serviceLevel.fields;
  const rows = (content['targets'] ?? []) as Parts[];
  if (targets?.is !== 'rows' || rows.length === 0) return t.policies.nothing;
  const { shape } = targets;
  return rows
    .map((row, i) => {
      const within = shown({ is: 'seconds' }, row['seconds'], row, NOTHING_KNOWN);
      return `${rowName(shape, row, i)} ${within}`;
    })
    .join(' · ');
}
