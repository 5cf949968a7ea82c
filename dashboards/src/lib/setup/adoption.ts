/** What somebody says of a board's channels before it is adopted. */
import type { AdoptedChannel, Channel } from '$lib/api/types';

/** What each canonical unit measures, as telemetry/src/quantity.rs has it. */
const QUANTITIES: Readonly<Record<string, string>> = {
  Cel: 'temperature',
  Pa: 'pressure',
  A: 'current',
  V: 'voltage',
  W: 'power',
  J: 'energy',
  'm3/s': 'flow',
  'm/s2': 'acceleration',
  'm/s': 'velocity',
  Hz: 'frequency',
  '%RH': 'humidity',
  '/': 'ratio',
  m: 'length',
  m3: 'volume',
  kg: 'mass',
  s: 'duration',
  Ohm: 'resistance'
};

export function quantityOf(unit: string): string {
  return QUANTITIES[unit] ?? 'other';
}

/** `oil-temp_1` → `Oil temp 1`: a first suggestion for the name of the point. */
export function nameOf(channel: string): string {
  const words = channel.replace(/[-_:./]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A channel as it is filled in. */
export interface Draft {
  channel: string;
  unit: string;
  lastValue: number | null;
  /** Whether it is to speak for a point. */
  taken: boolean;
  name: string;
  position: string;
}

/** Channels that speak for no point yet. */
export function draftsOf(channels: readonly Channel[]): Draft[] {
  return channels
    .filter((channel) => channel.point_id === null)
    .map(({ channel, unit, last_value }) => ({
      channel,
      unit,
      lastValue: last_value,
      taken: true,
      name: nameOf(channel),
      position: ''
    }));
}

export function adopted(drafts: readonly Draft[]): AdoptedChannel[] {
  return drafts
    .filter((draft) => draft.taken)
    .map(({ channel, unit, name, position }) => ({
      channel,
      unit,
      name: name.trim(),
      quantity: quantityOf(unit),
      position: position.trim()
    }));
}
