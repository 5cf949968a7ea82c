import type { PointVerdict } from './types';

/** A figure with its interval at the confidence of the verdict, in the unit of the point. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** What a window had to say. */
export interface Samples {
  readings: number;
  /** Readings at matched load. */
  matched: number;
  /** How many independent readings these are worth. */
  effective: number;
  /** Time that the readings cover without gaps, microseconds. */
  span_us: number;
}

/** The part of a judgement that the page shows (docs/verdict.md); all differences at matched load. */
export interface Judgement {
  confidence: number;
  effect: {
    after_less_before: Estimate | null;
    after_less_healthy: Estimate | null;
    before_less_healthy: Estimate | null;
    /** Short-term spread after over healthy spread; 1 is the same. */
    spread_after_to_healthy: Estimate | null;
  };
  /** Shares from 0 to 1 of each window at a load that could be compared. */
  coverage: { healthy: number; before: number; after: number; load_known: boolean };
  samples: { healthy: Samples; before: Samples; after: Samples };
  tolerance: { level: number; spread: number };
  method: string;
}

/** The OpenAPI document leaves the judgement open; its shape is that of the crate `verdict`. */
export function judgementOf(point: PointVerdict): Judgement {
  return point.judgement as unknown as Judgement;
}
