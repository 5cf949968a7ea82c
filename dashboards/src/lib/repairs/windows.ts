import type { ChosenSpan, Span, VerdictWindows } from '$lib/api/types';
import type { Shade } from '$lib/charts/shades';
import { t } from '$lib/messages';
import type { Columns } from '$lib/measure/gaps';

/** A stretch of time, Unix milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

function stretch(span: Span): Stretch {
  return { from: Date.parse(span.from), to: Date.parse(span.to) };
}

/** The parts of a window that count: without those that settled. */
export function counted(window: ChosenSpan): Stretch[] {
  const parts: Stretch[] = [];
  let { from } = stretch(window);
  const { to } = stretch(window);
  const skipped = window.skipped.map(stretch).sort((a, b) => a.from - b.from);
  for (const gap of skipped) {
    if (gap.from > from) parts.push({ from, to: Math.min(gap.from, to) });
    from = Math.max(from, gap.to);
  }
  if (from < to) parts.push({ from, to });
  return parts;
}

/** The windows as areas of a chart, in the order of time. */
export function shadesOf(windows: VerdictWindows): Shade[] {
  const words = t.repair.judged.windows;
  const shades = (parts: Stretch[], name: string, fill: string) =>
    parts.map((part, i) => ({ ...part, fill, name: i === 0 ? name : '' }));
  return [
    ...shades(counted(windows.healthy), words.healthy, '--shade-healthy'),
    ...shades(counted(windows.before), words.before, '--shade-before'),
    ...shades([stretch(windows.during)], words.during, '--shade-during'),
    ...shades(counted(windows.after), words.after, '--shade-after')
  ];
}

/** What a chart shows: everything from the healthy machine on, or the time around the repair. */
export function chartSpan(windows: VerdictWindows, whole: boolean): Stretch {
  const from = Date.parse(whole ? windows.healthy.from : windows.before.from);
  const to = Date.parse(windows.after.to);
  const room = (to - from) * 0.02;
  return { from: from - room, to: to + room };
}

/**
 * The least and greatest reading in what counts. A machine that stands still during the repair
 * would otherwise press everything worth seeing into a line.
 */
export function rangeOf(
  columns: Columns,
  windows: VerdictWindows,
  shown: Stretch
): { low: number; high: number } | null {
  const parts = [windows.healthy, windows.before, windows.after].flatMap(counted);
  let low = Infinity;
  let high = -Infinity;
  columns.at.forEach((at, i) => {
    if (at < shown.from || at > shown.to) return;
    if (!parts.some((part) => at >= part.from && at < part.to)) return;
    low = Math.min(low, columns.min[i] ?? Infinity);
    high = Math.max(high, columns.max[i] ?? -Infinity);
  });
  return low <= high ? { low, high } : null;
}
