import type { Change } from '$lib/api/types';

/** What one person did at one moment: the first change, and what came with it. */
export interface Told {
  at: string;
  text: string;
  who: string;
  why: string;
}

/**
 * Changes as steps, the oldest first; `changes` has the newest first. `toldOf` says a change in words,
 * `whyOf` its reason.
 */
export function stepsOf(
  changes: readonly Change[],
  toldOf: (change: Change) => string,
  whyOf: (change: Change) => string = ({ why }) => why
): Told[] {
  const groups: Change[][] = [];
  for (const change of [...changes].reverse()) {
    const last = groups.at(-1)?.[0];
    const isSame = last?.at === change.at && last.who === change.who;
    if (isSame) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups.flatMap(([first, ...rest]) => {
    if (!first) return [];
    const why = [...new Set([...rest.map(toldOf), whyOf(first)])].filter(Boolean).join(' · ');
    return [{ at: first.at, who: first.who, text: toldOf(first), why }];
  });
}
