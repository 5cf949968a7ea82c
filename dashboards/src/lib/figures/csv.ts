import type { KpiRow } from '$lib/api/types';

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows of a figure as they are counted, in the units of the server; RFC 4180. */
export function csvOf(rows: readonly KpiRow[]): string {
  const lines = rows.map(({ at, subject_kind, subject_id, label, part, value }) =>
    [at, subject_kind, subject_id, label, part, value === null ? '' : String(value)]
      .map(cell)
      .join(',')
  );
  return ['at,subject_kind,subject_id,label,part,value', ...lines, ''].join('\r\n');
}
