import { describe, expect, it } from 'vitest';
import { formatNumber, formatRange, formatValue, unitName } from '../src/lib/measure/units';

describe('canonical units are shown in the units that people use', () => {
  it.each([
    [61.54, 'Cel', '61.5\u00a0°C'],
    [412_000, 'Pa', '4.12\u00a0bar'],
    [3.9, 'A', '3.90\u00a0A'],
    [0.002, 'm3/s', '120.0\u00a0l/min'],
    [0.82, 'm/s2', '0.82\u00a0m/s²'],
    [0.755, '/', '75.5\u00a0%'],
    [12, 'furlong', '12.00\u00a0furlong']
  ])('%d %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('numbers', () => {
  it('keep significant digits when they are small', () => {
    expect(formatNumber(0.00042, 'm/s2')).toBe('0.00042');
  });
  it('lose decimals when they are large', () => {
    expect(formatNumber(12_345.6, 'V')).toBe('12346');
  });
  it('use a real minus, and none on zero', () => {
    expect(formatNumber(-4.25, 'Cel')).toBe('−4.3');
    expect(formatNumber(-0, 'Cel')).toBe('0.0');
  });
  it('say that there is none', () => {
    expect(formatValue(null, 'Cel')).toBe('–');
  });
});

it('a range names its unit once', () => {
  expect(formatRange(397_000, 427_000, 'Pa')).toBe('3.97 to 4.27\u00a0bar');
});

it('a unit that is not known keeps its name', () => {
  expect(unitName('furlong')).toBe('furlong');
});
