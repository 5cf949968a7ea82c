/** Amounts of money as people write them. */
import { locale } from '$lib/messages/language';

/** `minor`: in the smallest unit of the currency (ISO 4217), such as cents. */
export function moneyOf({ minor, currency }: { minor: number; currency: string }): string {
  const style = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = style.resolvedOptions().maximumFractionDigits ?? 2;
  return style.format(minor / 10 ** digits);
}
