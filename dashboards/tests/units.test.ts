import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  formatNumber,
  formatRange,
  formatValue,
  ofShown,
  toShown,
  unitName,
  unitsOf
} from '../src/lib/measure/units';

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

it('what is typed in the unit on screen is kept in the canonical one', () => {
  expect(ofShown(4.12, 'Pa')).toBeCloseTo(412_000);
  expect(toShown(ofShown(7, 'm3/s'), 'm3/s')).toBeCloseTo(7);
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

describe('units of a reader', () => {
  it.each([
    ['en-US', 'America/Chicago', 'us'],
    ['en-US', 'Europe/Berlin', 'metric'],
    ['en-CA', 'America/Toronto', 'metric'],
    ['zh-CN', 'Asia/Shanghai', 'metric']
  ])('%s in %s: %s', (tag, timeZone, units) => {
    expect(unitsOf(tag, timeZone)).toBe(units);
  });
});

describe('where US units were chosen', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it('temperatures have their own zero, and differences have none', async () => {
    vi.resetModules();
    vi.stubGlobal('localStorage', { getItem: (what: string) => (what === 'units' ? 'us' : null) });
    const us = await import('../src/lib/measure/units');
    expect(us.formatValue(100, 'Cel')).toBe('212.0\u00a0°F');
    expect(us.differenceShown(10, 'Cel')).toBe(18);
    expect(us.ofShown(212, 'Cel')).toBe(100);
    expect(us.formatValue(100_000, 'Pa')).toBe('14.5\u00a0psi');
    expect(us.formatValue(3.9, 'A')).toBe('3.90\u00a0A');
  });
});
