/** What a reader chose on this device. */
import type { Language } from '$lib/api/types';

export type Theme = 'light' | 'dark';

interface Preferences {
  language: Language;
  theme: Theme;
}

const ALLOWED: { [K in keyof Preferences]: readonly Preferences[K][] } = {
  language: ['en', 'zh-Hans', 'zh-Hant'],
  theme: ['light', 'dark']
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
