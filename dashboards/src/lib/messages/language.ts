/** In which language this browser's reader is spoken to. */
import type { Language } from '$lib/api/types';
import { kept } from '$lib/state/preferences';

/** Each language by its own name. */
export const LANGUAGES: Readonly<Record<Language, string>> = {
  en: 'English',
  'zh-Hans': '简体中文',
  'zh-Hant': '繁體中文'
};

/** The language of ours that a tag of BCP 47 asks for. */
export function languageOf(asked: string): Language {
  const tag = asked.toLowerCase();
  if (!tag.startsWith('zh')) return 'en';
  return /hant|tw|hk|mo/.test(tag) ? 'zh-Hant' : 'zh-Hans';
}

const asked = globalThis.navigator?.languages ?? [];

/** What the reader chose on this device, or what the browser asks for. */
export const language: Language = kept('language') ?? languageOf(asked[0] ?? 'en');

const USUAL: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  'zh-Hans': 'zh-CN',
  'zh-Hant': 'zh-TW'
};

/** How dates are written: as the browser's own variety of that language does. */
export const locale: string =
  asked.find(
    (tag) => languageOf(tag) === language && (language !== 'en' || tag.startsWith('en'))
  ) ?? USUAL[language];
