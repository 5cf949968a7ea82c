/** What a reader chose on this device. */
import type { Language } from '$lib/api/types';

export type Theme = 'light' | 'dark';
export type Units = 'metric' | 'us';

interface Preferences {
  language: Language;
  theme: Theme;
  units: Units;
}

const ALLOWED: { [K in keyof Preferences]: readonly Preferences[K][] } = {
  language: ['en', 'zh-Hans', 'zh-Hant'],
  theme: ['light', 'dark'],
  units: ['metric', 'us']
};

/** What was chosen; null where nothing was, and where the browser keeps nothing. */
export function kept<K extends keyof Preferences>(what: K): Preferences[K] | null {
  try {
    const value = localStorage.getItem(what);
    return ALLOWED[what].find((allowed) => allowed === value) ?? null;
  } catch {
    return null;
  }
}

/** Null: as the browser has it. */
export function keep<K extends keyof Preferences>(what: K, value: Preferences[K] | null): void {
  if (value === null) localStorage.removeItem(what);
  else localStorage.setItem(what, value);
}

/** Light or dark, against what the device says. */
export function applyTheme(): void {
  document.documentElement.style.colorScheme = kept('theme') ?? '';
}
