/** A stretch of time that is looked at, and the ways to another one. Unix milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

export const SPANS = [
  { key: '1m', ms: 60_000 },
  { key: '1h', ms: 3_600_000 },
  { key: '1d', ms: 86_400_000 },
  { key: '1w', ms: 7 * 86_400_000 },
  { key: '30d', ms: 30 * 86_400_000 },
  { key: '1y', ms: 365 * 86_400_000 }
] as const;

/** Nothing shorter is looked at, and nothing longer. */
const LEAST_MS = 1_000;
const MOST_MS = 10 * 365 * 86_400_000;

/** Of a length, with its middle where it is. */
export function aroundMiddle({ from, to }: Stretch, length: number): Stretch {
  const ms = Math.min(MOST_MS, Math.max(LEAST_MS, length));
  const middle = (from + to) / 2;
  return { from: Math.round(middle - ms / 2), to: Math.round(middle + ms / 2) };
}

/** Longer (`factor` above 1) or shorter. */
export function scaled(stretch: Stretch, factor: number): Stretch {
  return aroundMiddle(stretch, (stretch.to - stretch.from) * factor);
}

/** Earlier (`part` below 0) or later, by a part of its length. */
export function moved({ from, to }: Stretch, part: number): Stretch {
  const by = Math.round((to - from) * part);
  return { from: from + by, to: to + by };
}

/** The stretch in an address; null where there is none that can be looked at. */
export function stretchOf(search: URLSearchParams): Stretch | null {
  const from = Date.parse(search.get('from') ?? '');
  const to = Date.parse(search.get('to') ?? '');
  return to - from >= LEAST_MS && to - from <= MOST_MS ? { from, to } : null;
}

export function searchOf({ from, to }: Stretch): Record<string, string> {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
