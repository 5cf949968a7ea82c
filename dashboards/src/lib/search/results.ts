import type { SearchHit, SearchKind } from '$lib/api/types';
import { screenOf } from '$lib/navigation/subjects';

/** Something found, with the place that it leads to. */
export interface Result extends SearchHit {
  href: string;
  /** In the order on screen, over all groups. */
  index: number;
}

export interface Group {
  kind: SearchKind;
  results: Result[];
  /** Whether more of this kind were found than are shown. */
  hasMore: boolean;
}

const MOST_OF_A_KIND = 5;

/** What was found by kind; the kind of the nearest comes first. What has no screen is left out. */
export function groupsOf(hits: readonly SearchHit[]): Group[] {
  const byKind = new Map<SearchKind, (SearchHit & { href: string })[]>();
  for (const hit of hits) {
    const href = screenOf(hit.kind, hit.id);
    if (href === null) continue;
    byKind.set(hit.kind, [...(byKind.get(hit.kind) ?? []), { ...hit, href }]);
  }
  let index = 0;
  return [...byKind].map(([kind, those]) => ({
    kind,
    hasMore: those.length > MOST_OF_A_KIND,
    results: those.slice(0, MOST_OF_A_KIND).map((hit) => ({ ...hit, index: index++ }))
  }));
}

/** Whether nothing has all words as they were typed. */
export function isLoose(groups: readonly Group[]): boolean {
  const all = groups.flatMap(({ results }) => results);
  return all.length > 0 && all.every(({ how }) => how === 'similar' || how === 'partly');
}

/** Whether a key means the search: `/` outside of fields, Ctrl-K or ⌘K anywhere. */
export function opensSearch(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  isTyping: boolean
): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (altKey) return false;
  if (key.toLowerCase() === 'k') return ctrlKey || metaKey;
  return key === '/' && !ctrlKey && !metaKey && !isTyping;
}
