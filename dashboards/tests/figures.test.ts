import { describe, expect, it } from 'vitest';
import type { KpiRow } from '../src/lib/api/types';
import { csvOf } from '../src/lib/figures/csv';
import {
  goesOn,
  lastMonthOf,
  nameOf,
  periodOf,
  shifted,
  stretchOf,
  withLength
} from '../src/lib/figures/period';
import { placesOf, trendsOf } from '../src/lib/figures/trend';
import {
  changeOf,
  isBetter,
  isMet,
  labelOf,
  partOf,
  rowValueOf,
  shortOf,
  valueOf
} from '../src/lib/figures/values';

const NOW = new Date(2026, 10, 27, 10).getTime();

describe('a period', () => {
  it.each(['2026-11', '2026-Q4', '2026'])('%s comes back as it was', (name) => {
    expect(nameOf(periodOf(name, NOW))).toBe(name);
  });

  it('is the month that goes on where the address names none', () => {
    for (const text of [null, '', '2026-13', '2026-Q5', 'november']) {
      expect(nameOf(periodOf(text, NOW))).toBe('2026-11');
    }
  });

  it('goes from its first moment to the first after it', () => {
    const { from, to } = stretchOf(periodOf('2026-Q4', NOW));
    expect([new Date(from), new Date(to)]).toEqual([new Date(2026, 9), new Date(2027, 0)]);
    expect(goesOn(periodOf('2026-Q4', NOW), NOW)).toBe(true);
    expect(goesOn(periodOf('2026-10', NOW), NOW)).toBe(false);
  });

  it('is followed and preceded over the turn of the year', () => {
    const named = (name: string, by: number) => nameOf(shifted(periodOf(name, NOW), by));
    expect(named('2026-01', -1)).toBe('2025-12');
    expect(named('2026-Q4', 1)).toBe('2027-Q1');
    expect(named('2026', -1)).toBe('2025');
  });

  it('of another length is the one in it that is now, or its last', () => {
    const of = (name: string, length: 'month' | 'quarter' | 'year') =>
      nameOf(withLength(periodOf(name, NOW), length, NOW));
    expect(of('2026', 'month')).toBe('2026-11');
    expect(of('2025', 'month')).toBe('2025-12');
    expect(of('2026-02', 'quarter')).toBe('2026-Q1');
    expect(lastMonthOf(periodOf('2026-Q4', NOW), NOW)).toBe('2026-11');
  });
});

describe('a value', () => {
  it('is in the unit that people say it in', () => {
    expect(valueOf(0.953, 'share')).toBe('95.3%');
    expect(valueOf(0.2, 'h')).toBe('12 min');
    expect(valueOf(40, 'days')).toBe('40 days');
    expect(valueOf(4.25, 'score')).toBe('4.25 of 5');
    expect(valueOf(null, 'h')).toBe('–');
    expect(shortOf(16.5, 'h')).toBe('16.5 h');
    expect(shortOf(0.2, 'h')).toBe('12 min');
  });

  it('is held against the time before', () => {
    expect(changeOf(0.95, 0.9, 'share')).toEqual({ way: 'up', text: '5 points' });
    expect(changeOf(2, 3, 'h')).toEqual({ way: 'down', text: '1 h' });
    expect(changeOf(0.90001, 0.9, 'share')?.way).toBe('same');
    expect(changeOf(1, null, 'h')).toBeNull();
    expect(isBetter('first_response', 'down')).toBe(true);
    expect(isBetter('csat', 'down')).toBe(false);
    expect(isBetter('csat', 'same')).toBeNull();
  });

  it('meets its goal, or not, or has nothing to say', () => {
    const goal = { kpi: 'satisfied', is: 'at_least', figure: 0.9 } as const;
    expect([0.9, 0.89, null].map((value) => isMet(goal, value))).toEqual([true, false, null]);
    expect(isMet({ ...goal, is: 'at_most' }, 0.95)).toBe(false);
  });

  it('of a row is what it adds to its figure', () => {
    const said = (name: string, unit: string, value: number) =>
      rowValueOf({ name, unit }, { value }, 'EUR');
    expect(said('satisfied', 'share', 1)).toBe('Yes');
    expect(said('mtbf', 'days', 1)).toBe('');
    expect(said('service_cost', 'share', 12_345)).toBe('€123.45');
    expect(said('mttr', 'h', 2)).toBe('2 h');
  });

  it('has parts with words of their own', () => {
    expect(partOf('critical')).toBe('Critical');
    expect(partOf('timeliness:resolution')).toBe('Timeliness: Resolution');
    expect(partOf('something_new')).toBe('something_new');
    const row = { label: 'resolution / low', subject_kind: 'ticket' } as KpiRow;
    expect(labelOf(row, 'sla_attainment')).toBe('Resolution · Low');
  });
});

it('months are read from the table of the report, without parts', () => {
  const csv = [
    'figure,part,month,value,unit,deviation,rows',
    'mttr,,2026-10,,h,,0',
    'mttr,high,2026-11,9,h,,1',
    'mttr,,2026-11,2.5,h,1,4',
    ''
  ].join('\r\n');
  expect(trendsOf(csv).get('mttr')).toEqual([
    { month: '2026-10', value: null, rows: 0 },
    { month: '2026-11', value: 2.5, rows: 4 }
  ]);
});

it('a line is never drawn across months without a value', () => {
  const months = [1, 3, null, 2, 2].map((value, i) => ({
    month: `2026-0${i + 1}`,
    value,
    rows: 1
  }));
  const { places, lines, goalY } = placesOf(months, 3, { width: 50, height: 20, pad: 5 });
  expect(lines.map(({ length }) => length)).toEqual([2, 2]);
  expect(places[0]).toEqual({ x: 5, y: 15 });
  expect(places[2]).toBeNull();
  expect(goalY).toBe(5);
});

it('rows are saved with what CSV asks for', () => {
  const row = {
    at: '2026-11-01T00:00:00Z',
    subject_kind: 'ticket',
    subject_id: '1',
    label: 'T-1 "Hums", drips',
    part: '',
    value: 1
  };
  expect(csvOf([row]).split('\r\n')[1]).toBe(
    '2026-11-01T00:00:00Z,ticket,1,"T-1 ""Hums"", drips",,1'
  );
});
