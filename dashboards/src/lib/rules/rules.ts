/** The part of a machine's rules that the page shows (docs/detection.md); the rest is carried along. */
import type { Point } from '$lib/api/types';

export const LIMIT_KINDS = ['high_high', 'high', 'low', 'low_low', 'rise', 'fall'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

export const SENSOR_CHECKS = ['stuck', 'spikes', 'dropout', 'range', 'redundancy'] as const;
export type SensorCheck = (typeof SENSOR_CHECKS)[number];

/** One point by its name, or all of a quantity. */
export interface Select {
  name?: string;
  quantity?: string;
  position?: string;
}

export interface Limit {
  name: string;
  points: Select;
  kind: LimitKind;
  /** In the unit of the point; for a rate, per minute. */
  value: number;
  deadband: number;
  /** Seconds. */
  on_delay_s: number;
  class: 'machine' | 'safety';
}

export interface Rules {
  /** Robust standard deviations, and seconds. */
  deviation: { limit: number; on_delay_s: number; learning_s: number };
  drift: { on: boolean; limit: number };
  sensors: Record<SensorCheck, { on: boolean }>;
  limits: Limit[];
}

/** A copy that can be changed. The OpenAPI document leaves rules open. */
export function draftOf(rules: Record<string, unknown>): Rules {
  return structuredClone(rules) as unknown as Rules;
}

export function isSame(a: Rules, b: Rules): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export const isRate = (kind: LimitKind): boolean => kind === 'rise' || kind === 'fall';

/** The points of a machine that a limit is about. */
export function pointsOf({ points: select }: Limit, points: readonly Point[]): Point[] {
  return points.filter(
    ({ name, quantity, position }) =>
      (!select.name || select.name === name) &&
      (!select.quantity || select.quantity === quantity) &&
      (!select.position || select.position === position)
  );
}

/** A limit for a point, with a name that no other one has. */
export function newLimit(point: Point, others: readonly Limit[]): Limit {
  const taken = new Set(others.map(({ name }) => name));
  const plain = `${point.name} high`;
  let name = plain;
  for (let n = 2; taken.has(name); n += 1) name = `${plain} ${n}`;
  // A little above what it shows now: a beginning, not advice.
  const value = Number(((point.latest?.value ?? 0) * 1.1).toPrecision(2));
  return {
    name,
    points: { name: point.name },
    kind: 'high',
    value,
    deadband: 0,
    on_delay_s: 10,
    class: 'machine'
  };
}

/** What is not filled in, as the name of a limit; null when all is. */
export function firstIncomplete({ limits }: Rules): string | null {
  const wrong = limits.find(
    ({ name, value, on_delay_s: delay }) =>
      !name.trim() || !Number.isFinite(value) || !Number.isFinite(delay) || delay < 0
  );
  return wrong ? wrong.name || '?' : null;
}
