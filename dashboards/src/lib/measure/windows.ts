/** The stretches of time a live chart can show. */
export const WINDOWS = [
  { key: '2m', ms: 2 * 60_000 },
  { key: '10m', ms: 10 * 60_000 },
  { key: '1h', ms: 60 * 60_000 },
  { key: '24h', ms: 24 * 60 * 60_000 }
] as const;

export type WindowKey = (typeof WINDOWS)[number]['key'];

/** The window named in an address; ten minutes when it names none of ours. */
export function windowOf(key: string | null): (typeof WINDOWS)[number] {
  return WINDOWS.find((w) => w.key === key) ?? WINDOWS[1];
}
