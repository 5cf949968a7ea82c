import { describe, expect, it } from 'vitest';
import type { AxisItem, Check, Entry, PointStanding, VerdictWindows } from '../src/lib/api/types';
import { ApiProblem, Unreachable } from '../src/lib/api/client';
import { t } from '../src/lib/messages';
import { span } from '../src/lib/measure/time';
import { correctedIds, tell, writtenLater } from '../src/lib/repairs/axis';
import { byWeight, Differences, placesOf } from '../src/lib/repairs/effect';
import { asked, shown } from '../src/lib/repairs/standing';
import { chartSpan, counted, rangeOf, shadesOf } from '../src/lib/repairs/windows';
import { complaintOf } from '../src/lib/ui/complaint';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour)).toISOString();

function entry(content: object, more: Partial<Entry> = {}): AxisItem {
  const written = { at: at(8), author: 'A. Ohm', corrects: null, device_at: null, id: 'e' };
  return {
    at: at(8),
    what: 'entry',
    is: { ...written, recorded_at: at(8), ...content, ...more } as Entry
  };
}

describe('the time axis', () => {
  it('names parts, checks and exceptions as people do', () => {
    const checks = new Map([['dry', 'No leak']]);
    const title = (content: object) => tell(entry(content), checks).title;
    expect(title({ kind: 'part_used', part_number: '4711', quantity: 2, serial: 'S-1' })).toBe(
      'Part in: 2 × 4711, serial S-1'
    );
    expect(title({ kind: 'confirmed', check: 'dry', name: 'B' })).toBe('B confirmed: No leak');
    expect(title({ kind: 'exception_signed', check: null, name: 'B', why: 'night' })).toBe(
      'B signed an exception for the whole test'
    );
    expect(title({ kind: 'verdict_made', version: 2, overall: 'not_enough_data', why: '' })).toBe(
      'Verdict 2: Not enough data'
    );
  });

  it('tells which entries were corrected, and which were written down afterwards', () => {
    const axis = [
      entry({ kind: 'note', text: 'a' }),
      entry({ kind: 'note', text: 'b' }, { corrects: 'e' })
    ];
    expect([...correctedIds(axis)]).toEqual(['e']);
    expect(writtenLater(at(8), at(9))).toBe(true);
    expect(writtenLater(at(8), at(8))).toBe(false);
  });
});

describe('an acceptance check', () => {
  const check: Check = {
    id: 'oil',
    name: 'Oil stays cool',
    kind: 'stays_within',
    points: { quantity: 'temperature' },
    high: 85,
    for_seconds: 600,
    load: { at_least: 25 }
  };
  const point: PointStanding = {
    point_id: 'p',
    point_name: 'Oil',
    unit: 'Cel',
    outcome: 'pending',
    text: 'within the band for 90 s so far, 600 s are needed',
    figures: { readings: 45, held_seconds: 90, min: 70.04, max: 72.51 }
  };

  it('says what it asks and what has been shown, in the unit that people use', () => {
    expect(asked(check, 'Cel')).toBe('Asked: at most 85.0\u00a0°C, for 10 min under load');
    expect(shown(check, point)).toBe('held 1 min · 70.0 to 72.5\u00a0°C · 45 readings');
    const pressure: Check = {
      id: 'p',
      name: 'Builds up',
      kind: 'reaches',
      points: {},
      at_least: 700_000,
      within_seconds: 1_800
    };
    expect(asked(pressure, 'Pa')).toBe('Asked: at least 7.00\u00a0bar, within 30 min');
  });

  it('has the words of the server where there are no figures yet', () => {
    const none = { ...point, text: 'no reading since the test began', figures: { readings: 0 } };
    expect(shown(check, none)).toBe('no reading since the test began');
  });
});

describe('a verdict', () => {
  it('has what is wrong first and what the fault never touched last', () => {
    const point = (
      point_name: string,
      verdict: 'fixed' | 'worse' | 'unchanged',
      healthy = false
    ) => ({
      point_id: point_name,
      point_name,
      quantity: 'temperature',
      unit: 'Cel',
      verdict,
      healthy_before: healthy,
      healthy_now: null,
      reasons: [],
      thinned: {},
      judgement: {}
    });
    const order = byWeight([
      point('untouched', 'unchanged', true),
      point('mended', 'fixed'),
      point('stays', 'unchanged'),
      point('spoilt', 'worse')
    ]);
    expect(order.map((p) => p.point_name)).toEqual(['spoilt', 'stays', 'mended', 'untouched']);
  });

  it('gives differences their direction, and no more decimals than the tolerance deserves', () => {
    const oil = new Differences('Cel', 0.35);
    expect(oil.value(14.004)).toBe('+14.00\u00a0°C');
    expect(oil.value(-0.5)).toBe('−0.50\u00a0°C');
    expect(oil.value(-0.001)).toBe('0.00\u00a0°C');
    expect(new Differences('Pa', 6_000).value(-12_345)).toBe('−0.123\u00a0bar');
    expect(new Differences('Cel', 0).value(1)).toBe('+1.00\u00a0°C');
  });

  it('places healthy, its tolerance and every interval on one axis', () => {
    const places = placesOf([{ value: 5, low: 4, high: 6 }, null], 1);
    expect(places.bandLow).toBeLessThan(places.zero);
    expect(places.zero).toBeLessThan(places.bandHigh);
    expect(places.place(6)).toBeLessThan(100);
    expect(places.bandLow).toBeGreaterThan(0);
  });

  const windows: VerdictWindows = {
    healthy: { from: at(0), to: at(4), skipped: [{ from: at(1), to: at(2) }], adjusted: false },
    before: { from: at(5), to: at(6), skipped: [], adjusted: false },
    during: { from: at(6), to: at(7) },
    after: { from: at(7), to: at(9), skipped: [], adjusted: false },
    notes: []
  };
  const ms = (hour: number) => Date.parse(at(hour));

  it('shades what counted, and not what settled', () => {
    expect(counted(windows.healthy)).toEqual([
      { from: ms(0), to: ms(1) },
      { from: ms(2), to: ms(4) }
    ]);
    const whole = { ...windows.healthy, skipped: [{ from: at(0), to: at(4) }] };
    expect(counted(whole)).toEqual([]);
    expect(shadesOf(windows).map((s) => s.name)).toEqual([
      'Healthy',
      '',
      'Before',
      'During',
      'After'
    ]);
  });

  it('is shown from the healthy machine on, or around the repair', () => {
    expect(chartSpan(windows, true).from).toBeLessThanOrEqual(ms(0));
    expect(chartSpan(windows, false).from).toBeGreaterThan(ms(4));
  });

  it('is not pressed flat by a machine that stood still during the repair', () => {
    const value = [70, 0, 72];
    const columns = { at: [ms(3), ms(6.5), ms(8)], min: value, max: value, mean: value };
    expect(rangeOf(columns, windows, chartSpan(windows, true))).toEqual({ low: 70, high: 72 });
    expect(rangeOf(columns, windows, { from: ms(6), to: ms(7) })).toBeNull();
  });
});

describe('a refusal', () => {
  it('says what to do first at a closed gate, and what is possible after a wrong step', () => {
    const gate = new ApiProblem(409, 'the gate is closed', null, ['seal: failed', 'oil: not yet']);
    expect(complaintOf(gate)).toBe('the gate is closed. First: seal: failed; oil: not yet.');
    const step = new ApiProblem(409, 'not possible', ['running', 'abandoned'], null);
    expect(complaintOf(step, t.repair.state)).toContain('Possible now: Running, Abandoned.');
    expect(complaintOf(new Unreachable('gone'))).toBe(t.failed.unreachable);
  });
});

it('lengths of time are said in the words that people use', () => {
  expect([span(0), span(59_400), span(60_000), span(3_600_000), span(12_000_000)]).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '1 h',
    '3 h 20 min'
  ]);
});
