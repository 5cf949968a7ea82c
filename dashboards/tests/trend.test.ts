import { describe, expect, it } from 'vitest';
import { trendOf } from '../src/lib/measure/trend';

const at = Array.from({ length: 20 }, (_, i) => i * 30_000);
const band = { low: 0, high: 10 };
/** The same scatter every time. */
const noise = (i: number) => [0.1, -0.1, 0.05, -0.05][i % 4] ?? 0;

describe('a trend', () => {
  it('is what the line through the readings does', () => {
    expect(
      trendOf(
        at,
        at.map((_, i) => 2 + i * 0.2 + noise(i)),
        band
      )
    ).toBe('rising');
    expect(
      trendOf(
        at,
        at.map((_, i) => 8 - i * 0.2 + noise(i)),
        band
      )
    ).toBe('falling');
    expect(
      trendOf(
        at,
        at.map((_, i) => 5 + noise(i)),
        band
      )
    ).toBe('steady');
  });

  it('is steady within the scatter, and within a little of the band', () => {
    const rough = (i: number) => noise(i) * 30;
    expect(
      trendOf(
        at,
        at.map((_, i) => 5 + i * 0.05 + rough(i)),
        band
      )
    ).toBe('steady');
    expect(
      trendOf(
        at,
        at.map((_, i) => 5 + i * 0.01),
        band
      )
    ).toBe('steady');
  });

  it('needs readings, and leaves gaps out', () => {
    expect(
      trendOf(
        at,
        at.map((_, i) => (i < 4 ? i : null)),
        band
      )
    ).toBeNull();
    expect(
      trendOf(
        at,
        at.map((_, i) => (i % 2 ? i : null)),
        null
      )
    ).toBe('rising');
    expect(trendOf([1, 1, 1, 1, 1], [1, 2, 3, 4, 5], null)).toBeNull();
  });
});
