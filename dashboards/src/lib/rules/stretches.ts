/** Days of the past on which rules can be tried. */
export const STRETCHES = [1, 7, 30] as const;
export type TrialStretch = (typeof STRETCHES)[number];

export function stretchNamed(days: string | null): TrialStretch {
  return STRETCHES.find((one) => String(one) === days) ?? 7;
}
