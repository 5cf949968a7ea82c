/** What a changed policy changes, in words, before it is put into force. */
import { t } from '$lib/messages';
import type { Parts, Shape, Value } from './shape';
import { labelOf, rowName, shown, type Known } from './words';

export interface Difference {
  what: string;
  /** From what to what, or that it was added or removed. */
  how: string;
}

export const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

export function differences(
  shape: Shape,
  before: Parts,
  after: Parts,
  known: Known,
  within = ''
): Difference[] {
  return Object.entries(shape.fields).flatMap(([key, field]) => {
    const [was, is] = [before[key], after[key]];
    if (isSame(was, is)) return [];
    const what = within + labelOf(shape.schema, key);
    if (field.is === 'group') {
      return differences(field.shape, was as Parts, is as Parts, known, `${what}: `);
    }
    if (field.is === 'rows') {
      return rows(field.shape, (was ?? []) as Parts[], (is ?? []) as Parts[], known, what);
    }
    const texts = [shown(field, was, before, known), shown(field, is, after, known)] as const;
    return texts[0] === texts[1] ? [] : [{ what, how: t.policies.from(...texts) }];
  });
}

/** Rows that are named are found again wherever they stand; others by their number. */
function rows(
  shape: Shape,
  before: Parts[],
  after: Parts[],
  known: Known,
  what: string
): Difference[] {
  const names = (of: Parts[]) => of.map((row, i) => rowName(shape, row, i));
  const [were, are] = [names(before), names(after)];
  const changed = after.flatMap((row, i) => {
    const name = are[i] ?? '';
    const was = before[were.indexOf(name)];
    if (!was) return [{ what, how: t.policies.added(rowWords(shape, row, name, known)) }];
    return differences(shape, was, row, known, `${what}, ${name}: `);
  });
  const removed = were
    .filter((name) => !are.includes(name))
    .map((name) => ({ what, how: t.policies.removed(name) }));
  const all = [...changed, ...removed];
  if (all.length > 0 || isSame(were, are)) return all;
  return [{ what, how: `${t.policies.order}: ${are.join(', ')}` }];
}

/** What was added says what it is. */
function rowWords({ fields, named }: Shape, row: Parts, name: string, known: Known): string {
  const rest = Object.entries(fields).flatMap(([key, field]) =>
    named?.includes(key) || ['group', 'rows'].includes(field.is)
      ? []
      : [shown(field, row[key], row, known)]
  );
  return [name, ...rest].join(', ');
}
