import { describe, expect, it } from 'vitest';
import { csvOf } from '../src/lib/charts/saving';
import { aroundMiddle, moved, scaled, searchOf, stretchOf } from '../src/lib/measure/stretch';

const HOUR = 3_600_000;
const day = { from: 0, to: 24 * HOUR };

describe('a stretch of time', () => {
  it('is halved and doubled around its middle', () => {
    expect(scaled(day, 0.5)).toEqual({ from: 6 * HOUR, to: 18 * HOUR });
    expect(scaled(day, 2)).toEqual({ from: -12 * HOUR, to: 36 * HOUR });
  });
  it('is never shorter than a second', () => {
    const second = aroundMiddle(day, 1);
    expect(second.to - second.from).toBe(1_000);
  });
  it('moves by a part of its length', () => {
    expect(moved(day, -0.5)).toEqual({ from: -12 * HOUR, to: 12 * HOUR });
  });
  it('reads back from the address it was written to', () => {
    expect(stretchOf(new URLSearchParams(searchOf(day)))).toEqual(day);
  });
  it('is not taken from an address that has none, or one that ends before it begins', () => {
    expect(stretchOf(new URLSearchParams('from=soon'))).toBeNull();
    expect(stretchOf(new URLSearchParams(searchOf({ from: HOUR, to: 0 })))).toBeNull();
  });
});

describe('what is shown, as CSV', () => {
  it('has a row a reading in the units on screen, and none for a gap', () => {
    const columns = { at: [0, 1_000], min: [1e5, null], max: [3e5, null], mean: [2e5, null] };
    expect(csvOf([{ name: 'Oil, pressure', unit: 'Pa', columns }]).split('\r\n')).toEqual([
      'time,point,unit,min,mean,max',
      '1970-01-01T00:00:00.000Z,"Oil, pressure",bar,1,2,3',
      ''
    ]);
  });
});
