/** Figures in the words and units of people. */
import type { KpiGoal, KpiRow } from '$lib/api/types';
import { moneyOf } from '$lib/measure/money';
import { longSpan } from '$lib/measure/time';
import { locale } from '$lib/messages/language';
import { t } from '$lib/messages';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** A length of time in the unit that says most: minutes below an hour, days from two on. */
function time(ms: number): string {
  return ms >= 10 * DAY_MS ? t.figures.days(oneDecimal.format(ms / DAY_MS)) : longSpan(ms);
}

/** A value of a figure in its unit; a dash where there is nothing to count. */
export function valueOf(value: number | null, unit: string): string {
  if (value === null) return '–';
  switch (unit) {
    case 'share':
      return percent.format(value);
    case 'h':
      return time(value * HOUR_MS);
    case 'days':
      return time(value * DAY_MS);
    case 'score':
      return t.figures.score(number.format(value));
    default:
      return number.format(value);
  }
}

/** The same where there is little room: `16.5 h`. */
export function shortOf(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === 'share') return wholePercent.format(value);
  const hours = unit === 'h' ? value : unit === 'days' ? value * 24 : null;
  if (hours === null) return oneDecimal.format(value);
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${oneDecimal.format(hours)} h` : `${oneDecimal.format(hours / 24)} d`;
}

/** How much it is more or less than before; null where one of the two is missing. */
export function changeOf(
  value: number | null,
  before: number | null,
  unit: string
): { way: 'up' | 'down' | 'same'; text: string } | null {
  if (value === null || before === null) return null;
  const by = Math.abs(value - before);
  const words = (size: number) => {
    if (unit === 'share') return t.figures.points(oneDecimal.format(size * 100));
    return unit === 'score' ? number.format(size) : valueOf(size, unit);
  };
  const text = words(by);
  // What reads as nothing is nothing.
  if (text === words(0)) return { way: 'same', text };
  return { way: value > before ? 'up' : 'down', text };
}

/** Figures of which more is better; of the others less is. */
const MORE_IS_BETTER: readonly string[] = [
  'quality_index',
  'mtbf',
  'first_time_fix',
  'diagnosis_accuracy',
  'sla_attainment',
  'csat',
  'satisfied'
];

/** Whether a change is for the better; null while nothing changes. */
export function isBetter(name: string, way: 'up' | 'down' | 'same'): boolean | null {
  return way === 'same' ? null : (way === 'up') === MORE_IS_BETTER.includes(name);
}

/** Whether a goal is met; null where there is nothing to hold against it. */
export function isMet(goal: KpiGoal, value: number | null): boolean | null {
  if (value === null) return null;
  return goal.is === 'at_least' ? value >= goal.figure : value <= goal.figure;
}

/** Figures whose rows count as one each. */
const COUNTED: readonly string[] = ['mtbf', 'alarm_rate', 'return_rate'];

/** What a row adds to its figure; nothing where each counts as one. `currency` is that of costs. */
export function rowValueOf(
  { name, unit }: { name: string; unit: string },
  { value }: Pick<KpiRow, 'value'>,
  currency: string
): string {
  if (value === null || COUNTED.includes(name)) return '';
  if (name === 'service_cost') return moneyOf({ minor: value, currency });
  if (unit === 'share') return value === 1 ? t.figures.yes : t.figures.no;
  return valueOf(value, unit);
}

/** The words of a figure, or of a part of one; as the server names it where we have none. */
export function titleOf(name: string, otherwise: string): string {
  return (t.figures.name as Readonly<Record<string, string>>)[name] ?? otherwise;
}

export function partOf(part: string): string {
  const [first = '', ...rest] = part.split(':');
  const words: Readonly<Record<string, string>> = {
    ...t.figures.workOrderState,
    ...t.state,
    ...t.alarms.priority,
    ...t.promises.kind,
    ...t.figures.part
  };
  const word = words[first] ?? titleOf(first, first);
  return rest.length > 0 ? `${word}: ${partOf(rest.join(':'))}` : word;
}

/** What a row is called: of promises their kind and priority in words. */
export function labelOf({ label, subject_kind }: KpiRow, figure: string): string {
  if (figure === 'sla_attainment') return label.split(' / ').map(partOf).join(' · ');
  return label || subject_kind;
}
