/** How a policy is laid out on screen: which field is what, in which order, in which unit. */
import type { Language } from '$lib/api/types';
import type { Chosen, Described } from './described';

/** A policy, or a part of one, as the server keeps it. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Parts = { [key: string]: Value };

export type Unit =
  | 'days'
  | 'hours'
  | 'minutes'
  | 'months'
  | 'percent'
  | 'kmh'
  | 'points'
  | 'oclock'
  | 'ofFive'
  | 'times';

export type Field =
  | { is: 'check' }
  | { is: 'number'; unit?: Unit; min?: number; max?: number; whole?: boolean }
  /** `optional`: may be empty; `long`: a sentence or more; `language`: in that one, whoever reads it. */
  | { is: 'text'; optional?: boolean; long?: boolean; language?: Language }
  /** `none`: nothing can be chosen as well, which means all. */
  | { is: 'choice'; of: keyof Chosen; none?: boolean }
  | { is: 'choices'; of: keyof Chosen }
  /** A list of words; none: all. */
  | { is: 'words' }
  | { is: 'numbers'; unit: Unit }
  /** An amount with its currency; none: whatever it costs. */
  | { is: 'money' }
  /** An amount in the smallest unit of the `currency` beside it. */
  | { is: 'minor' }
  /** A length of time, kept in seconds. */
  | { is: 'seconds' }
  /** The name of hours, as a choice; none: all time. */
  | { is: 'calendar' }
  /** The name of a figure, and what is aimed at in its unit. */
  | { is: 'kpi' }
  | { is: 'figure' }
  | { is: 'group'; shape: Shape }
  | { is: 'rows'; shape: Shape; fresh: () => Parts; ordered?: boolean }
  /** One of several forms, told apart by `is`. */
  | { is: 'variants'; of: 'CareWhen'; shapes: Readonly<Record<string, Shape>>; fresh: Variants };

/** What each form begins with. */
export type Variants = Readonly<Record<string, () => Parts>>;

export interface Shape {
  schema: keyof Described;
  /** In the order on screen. */
  fields: Readonly<Record<string, Field>>;
  /** Which fields name a row; without them its number does. */
  named?: readonly string[];
}
