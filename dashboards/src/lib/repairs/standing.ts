import type { Check, PointStanding } from '$lib/api/types';
import { t } from '$lib/messages';
import { clockTime, span } from '$lib/measure/time';
import { formatRange, formatValue } from '$lib/measure/units';

function band(low: number | null, high: number | null, unit: string): string {
  if (low !== null && high !== null) return formatRange(low, high, unit);
  const texts = t.repair.acceptance;
  return low !== null
    ? texts.atLeast(formatValue(low, unit))
    : texts.atMost(formatValue(high, unit));
}

/** What a check asks of a point, in the unit that people see; null where readings do not decide. */
export function asked(check: Check, unit: string): string | null {
  const texts = t.repair.acceptance;
  switch (check.kind) {
    case 'stays_within':
      return texts.asksWithin(
        band(check.low ?? null, check.high ?? null, unit),
        span(check.for_seconds * 1_000),
        Boolean(check.load)
      );
    case 'reaches':
      return texts.asksReaches(
        band(check.at_least ?? null, check.at_most ?? null, unit),
        span(check.within_seconds * 1_000)
      );
    case 'verdict':
      return texts.asksVerdict(t.repair.verdict[check.at_least].toLowerCase());
    case 'confirmed':
      return null;
  }
}

/** The figures that decide: what the point has shown so far. */
export function shown(check: Check, point: PointStanding): string {
  const texts = t.repair.acceptance;
  const { figures, unit } = point;
  if (check.kind === 'verdict' || figures.readings === 0) return point.text;
  const parts: string[] = [];
  if (check.kind === 'stays_within') {
    parts.push(texts.held(span((figures.held_seconds ?? 0) * 1_000)));
  }
  if (typeof figures.min === 'number' && typeof figures.max === 'number') {
    parts.push(formatRange(figures.min, figures.max, unit));
  }
  const { deciding } = figures;
  if (deciding) {
    const value = formatValue(deciding.value, unit);
    const at = clockTime(Date.parse(deciding.at));
    parts.push(check.kind === 'reaches' ? texts.reached(value, at) : texts.outside(value, at));
  }
  parts.push(texts.readings(figures.readings));
  return parts.join(' · ');
}
