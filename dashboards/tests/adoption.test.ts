import { expect, it } from 'vitest';
import type { Channel } from '../src/lib/api/types';
import { adopted, draftsOf, nameOf, quantityOf } from '../src/lib/setup/adoption';

const channel = (name: string, unit: string, point: string | null = null): Channel => ({
  channel: name,
  unit,
  first_seen: '2026-01-01T00:00:00Z',
  last_seen: null,
  last_value: 1,
  point_id: point
});

it('a point is first called as its channel, in words', () => {
  expect(nameOf('oil-temp_1')).toBe('Oil temp 1');
  expect(nameOf('p')).toBe('P');
});

it('the unit says what is measured', () => {
  expect(['Cel', 'Pa', 'A', 'furlong'].map(quantityOf)).toEqual([
    'temperature',
    'pressure',
    'current',
    'other'
  ]);
});

it('only channels that speak for nothing yet are asked about, and only those taken are sent', () => {
  const drafts = draftsOf([channel('t', 'Cel'), channel('p', 'Pa'), channel('i', 'A', 'known')]);
  expect(drafts.map((draft) => draft.channel)).toEqual(['t', 'p']);
  const sent = adopted(drafts.map((d) => ({ ...d, taken: d.channel === 't', name: ' Bearing ' })));
  expect(sent).toEqual([
    { channel: 't', unit: 'Cel', name: 'Bearing', quantity: 'temperature', position: '' }
  ]);
});
