/** Policies in the words and units of people. */
import { valueOf } from '$lib/figures/values';
import { moneyOf } from '$lib/measure/money';
import { locale } from '$lib/messages/language';
import { t } from '$lib/messages';
import type { Described } from './described';
import type { Field, Parts, Shape, Value } from './shape';

/** What the server knows that a policy names. */
export interface Known {
  /** Names of the hours that can count. */
  calendars: readonly string[];
  /** Figures with their units. */
  figures: readonly { name: string; unit: string }[];
}

export const NOTHING_KNOWN: Known = { calendars: [], figures: [] };

const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });

export function labelOf(schema: keyof Described, key: string): string {
  const labels: Readonly<Record<string, string>> = t.policies.fields[schema];
  return labels[key] ?? key;
}

/** The words of a choice, by what is chosen. */
export function wordsOf(of: (Field & { is: 'choice' })['of']): Readonly<Record<string, string>> {
  if (of === 'Role') return t.role;
  if (of === 'Priority') return t.alarms.priority;
  if (of === 'TargetKind') return t.promises.kind;
  return t.policies.choices[of];
}

export const figureName = (name: string): string =>
  (t.figures.name as Readonly<Record<string, string>>)[name] ?? name;

export const unitOfFigure = (name: Value | undefined, { figures }: Known): string =>
  figures.find((figure) => figure.name === name)?.unit ?? '';

/** Lengths of time that people say, the longest first. */
export const LENGTHS = [
  { unit: 'days', seconds: 86_400 },
  { unit: 'hours', seconds: 3_600 },
  { unit: 'minutes', seconds: 60 }
] as const;

/** The longest unit in which a length is a short number: 36 hours, not 1.5 days, and 3.5 days, not 84 hours. */
export function lengthOf(seconds: number): (typeof LENGTHS)[number] {
  const [days, hours, minutes] = LENGTHS;
  if (seconds >= 2 * days.seconds && seconds % (days.seconds / 2) === 0) return days;
  return seconds >= hours.seconds && seconds % (hours.seconds / 2) === 0 ? hours : minutes;
}

const listOf = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
const wordOf = (value: Value | undefined): string =>
  typeof value === 'object' || value === undefined ? '' : String(value);

/** A field that is not made of other fields, in words. `beside` is what it stands in. */
export function shown(field: Field, value: Value | undefined, beside: Parts, known: Known): string {
  const texts = t.policies;
  switch (field.is) {
    case 'check':
      return value === true ? texts.yes : texts.no;
    case 'number': {
      const figure = number.format(Number(value));
      return field.unit ? `${figure} ${texts.unit[field.unit]}` : figure;
    }
    case 'choice':
      return value ? (wordsOf(field.of)[wordOf(value)] ?? wordOf(value)) : texts.all;
    case 'choices':
      return listOf(value).length > 0
        ? listOf(value)
            .map((one) => wordsOf(field.of)[wordOf(one)] ?? wordOf(one))
            .join(', ')
        : texts.nothing;
    case 'words':
      return listOf(value).join(', ') || texts.all;
    case 'numbers':
      return listOf(value).length > 0
        ? `${listOf(value).join(', ')} ${texts.unit[field.unit]}`
        : texts.nothing;
    case 'money': {
      const amount = value as unknown as { minor: number; currency: string } | null | undefined;
      return amount ? moneyShown(amount.minor, amount.currency) : texts.always;
    }
    case 'minor':
      return moneyShown(Number(value), wordOf(beside['currency']));
    case 'seconds': {
      const { unit, seconds } = lengthOf(Number(value));
      return `${number.format(Number(value) / seconds)} ${texts.unit[unit]}`;
    }
    case 'calendar':
      return wordOf(value) || texts.allHours;
    case 'kpi':
      return figureName(wordOf(value));
    case 'figure':
      return valueOf(Number(value), unitOfFigure(beside['kpi'], known));
    case 'variants':
      return variantWords(field, value as Parts, known);
    default:
      return wordOf(value) || '–';
  }
}

/** `Days before the warranty ends: 30 days` */
function variantWords(field: Field & { is: 'variants' }, form: Parts, known: Known): string {
  const which = wordOf(form['is']);
  const parts = Object.entries(field.shapes[which]?.fields ?? {}).map(([key, part]) =>
    shown(part, form[key], form, known)
  );
  return `${wordsOf(field.of)[which] ?? which}: ${parts.join(', ')}`;
}

/** While it is typed, a currency may be no currency yet. */
function moneyShown(minor: number, currency: string): string {
  try {
    return moneyOf({ minor, currency });
  } catch {
    return `${minor} ${currency}`;
  }
}

/** How many of the smallest unit are one: 100 cents, 1 yen. */
export function minorsOf(currency: string): number {
  try {
    const style = new Intl.NumberFormat(locale, { style: 'currency', currency });
    return 10 ** (style.resolvedOptions().maximumFractionDigits ?? 2);
  } catch {
    return 100;
  }
}

/** What a row is called: by the fields that name it, or by its number. */
export function rowName({ fields, named }: Shape, row: Parts, index: number): string {
  const words = (named ?? []).flatMap((key) => {
    const field = fields[key];
    return field && row[key] ? [shown(field, row[key], row, NOTHING_KNOWN)] : [];
  });
  return words.join(', ') || t.policies.row(index + 1);
}
