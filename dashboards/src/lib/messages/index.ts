/** Every text on screen, in the reader's language. */
import type { Language } from '$lib/api/types';
import { texts as english, type Texts } from './en';

export type { Texts };

/** English until `speak` has brought another language; nothing is on screen before. */
export let t: Texts = english;

/** A language is loaded by those who read it. */
const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ texts: Texts }>>> = {
  'zh-Hans': () => import('./zh-Hans'),
  'zh-Hant': () => import('./zh-Hant')
};

export async function speak(language: Language): Promise<void> {
  t = language === 'en' ? english : (await OTHERS[language]()).texts;
  document.documentElement.lang = language;
}
