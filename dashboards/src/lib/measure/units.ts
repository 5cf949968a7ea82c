/** How readings in canonical units (SenML names) are shown to people. */
import { locale } from '$lib/messages/language';
import { kept, type Units } from '$lib/state/preferences';

interface Shown {
  unit: string;
  factor: number;
  /** What is added after the factor: a temperature's zero lies elsewhere. */
  offset?: number;
  /** Decimals of a usual value. */
  decimals: number;
}

const METRIC: Readonly<Record<string, Shown>> = {
  Cel: { unit: '°C', factor: 1, decimals: 1 },
  K: { unit: 'K', factor: 1, decimals: 1 },
  Pa: { unit: 'bar', factor: 1e-5, decimals: 2 },
  bar: { unit: 'bar', factor: 1, decimals: 2 },
  A: { unit: 'A', factor: 1, decimals: 2 },
  V: { unit: 'V', factor: 1, decimals: 1 },
  W: { unit: 'W', factor: 1, decimals: 0 },
  J: { unit: 'kWh', factor: 1 / 3.6e6, decimals: 2 },
  'm3/s': { unit: 'l/min', factor: 60_000, decimals: 1 },
  'l/min': { unit: 'l/min', factor: 1, decimals: 1 },
  'm/s2': { unit: 'm/s²', factor: 1, decimals: 2 },
  'm/s': { unit: 'mm/s', factor: 1_000, decimals: 2 },
  Hz: { unit: 'Hz', factor: 1, decimals: 1 },
  '%RH': { unit: '% RH', factor: 1, decimals: 1 },
  '/': { unit: '%', factor: 100, decimals: 1 },
  m: { unit: 'm', factor: 1, decimals: 2 },
  m3: { unit: 'm³', factor: 1, decimals: 2 },
  kg: { unit: 'kg', factor: 1, decimals: 1 },
  s: { unit: 's', factor: 1, decimals: 1 },
  Ohm: { unit: 'Ω', factor: 1, decimals: 1 }
};

/** US customary units, where people use others than the metric ones (NIST SP 811, appendix B). */
const US: Readonly<Record<string, Shown>> = {
  Cel: { unit: '°F', factor: 1.8, offset: 32, decimals: 1 },
  Pa: { unit: 'psi', factor: 1 / 6_894.757, decimals: 1 },
  bar: { unit: 'psi', factor: 1e5 / 6_894.757, decimals: 1 },
  'm3/s': { unit: 'gal/min', factor: 60 / 3.785412e-3, decimals: 1 },
  'l/min': { unit: 'gal/min', factor: 1 / 3.785412, decimals: 1 },
  'm/s': { unit: 'in/s', factor: 1 / 0.0254, decimals: 3 },
  m: { unit: 'ft', factor: 1 / 0.3048, decimals: 2 },
  m3: { unit: 'gal', factor: 1 / 3.785412e-3, decimals: 1 },
  kg: { unit: 'lb', factor: 1 / 0.45359237, decimals: 1 }
};

/** Many browsers speak American English elsewhere: the time zone has to agree. */
export function unitsOf(tag: string, timeZone: string): Units {
  return /-US$/i.test(tag) && /^(America|US)\//.test(timeZone) ? 'us' : 'metric';
}

const units: Units =
  kept('units') ?? unitsOf(locale, Intl.DateTimeFormat().resolvedOptions().timeZone);

function shown(unit: string): Shown {
  // A unit that the server does not know is kept as the board named it, and so shown.
  return (units === 'us' && US[unit]) || METRIC[unit] || { unit, factor: 1, decimals: 2 };
}

export function unitName(unit: string): string {
  return shown(unit).unit;
}

/** A value in the unit that `unitName` names. */
export function toShown(value: number, unit: string): number {
  const { factor, offset = 0 } = shown(unit);
  return value * factor + offset;
}

/** A value in canonical units, of one in the unit that `unitName` names. */
export function ofShown(value: number, unit: string): number {
  const { factor, offset = 0 } = shown(unit);
  return (value - offset) / factor;
}

/** A difference of two values, in the unit that `unitName` names. */
export function differenceShown(value: number, unit: string): number {
  return value * shown(unit).factor;
}

/**
 * The number alone. Small values keep at least two significant digits, so that a vibration of
 * 0.0004 does not read as nothing; negative zero reads as zero.
 */
export function formatNumber(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '–';
  return formatShown(toShown(value, unit), unit);
}

/** The same of a number that is in the shown unit already. */
export function formatShown(scaled: number | null, unit: string): string {
  if (scaled === null || !Number.isFinite(scaled)) return '–';
  const size = Math.abs(scaled);
  let decimals = shown(unit).decimals;
  if (size >= 1_000) decimals = 0;
  else if (size > 0 && size < 10 ** (1 - decimals)) {
    decimals = Math.min(6, 1 - Math.floor(Math.log10(size)));
  }
  const text = scaled.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** Number and unit, kept on one line by a no-break space. */
export function formatValue(value: number | null | undefined, unit: string): string {
  const name = unitName(unit);
  const number = formatNumber(value, unit);
  return name && number !== '–' ? `${number}\u00a0${name}` : number;
}

/** `61.0 – 64.5 °C` */
export function formatRange(low: number, high: number, unit: string): string {
  return `${formatNumber(low, unit)} to ${formatValue(high, unit)}`;
}
