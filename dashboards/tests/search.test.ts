import { describe, expect, it } from 'vitest';
import type { SearchHit } from '../src/lib/api/types';
import { screenOf } from '../src/lib/navigation/subjects';
import { groupsOf, isLoose, opensSearch } from '../src/lib/search/results';

const hit = (kind: SearchHit['kind'], id: string, how: SearchHit['how'] = 'exact'): SearchHit => ({
  kind,
  id,
  how,
  title: id,
  detail: ''
});

describe('what was found', () => {
  it('is grouped by kind, the nearest first, and numbered as on screen', () => {
    const groups = groupsOf([hit('asset', 'a'), hit('ticket', 't'), hit('asset', 'b', 'begun')]);
    expect(groups.map(({ kind }) => kind)).toEqual(['asset', 'ticket']);
    expect(groups.flatMap(({ results }) => results.map(({ id, index }) => [id, index]))).toEqual([
      ['a', 0],
      ['b', 1],
      ['t', 2]
    ]);
  });

  it('is a handful of each kind, and leads somewhere', () => {
    const many = Array.from({ length: 9 }, (_, i) => hit('ticket', `t${i}`));
    const [group] = groupsOf([...many, hit('article', 'k')]);
    expect(group?.results).toHaveLength(5);
    expect(group?.hasMore).toBe(true);
    expect(group?.results[0]?.href).toBe('/tickets/t0');
    expect(screenOf('depot', 'no screen')).toBeNull();
  });

  it('is loose when nothing has the words as they are', () => {
    expect(isLoose(groupsOf([hit('ticket', 't', 'similar')]))).toBe(true);
    expect(isLoose(groupsOf([hit('ticket', 't', 'similar'), hit('asset', 'a')]))).toBe(false);
    expect(isLoose([])).toBe(false);
  });
});

it('a slash opens the search where nobody types, Ctrl-K everywhere', () => {
  const key = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...more
  });
  expect(opensSearch(key('/'), false)).toBe(true);
  expect(opensSearch(key('/'), true)).toBe(false);
  expect(opensSearch(key('k', { ctrlKey: true }), true)).toBe(true);
  expect(opensSearch(key('K', { metaKey: true }), false)).toBe(true);
  expect(opensSearch(key('k'), false)).toBe(false);
});
