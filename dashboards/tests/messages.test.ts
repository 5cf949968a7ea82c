import { expect, it } from 'vitest';
import { texts as english } from '../src/lib/messages/en';
import { words } from '../src/lib/messages/customer';
import { languageOf } from '../src/lib/messages/language';
import { texts as simplified } from '../src/lib/messages/zh-Hans';
import { texts as traditional } from '../src/lib/messages/zh-Hant';

/** What a catalogue has, without what it says. */
function keys(value: unknown): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([key, inner]) => [key, keys(inner)])
    : typeof value;
}

/** Texts that are the same in two languages, with their places. */
function untranslated(texts: unknown, of: unknown, place = ''): string[] {
  if (typeof texts === 'string') return texts !== '' && texts === of ? [`${place}: ${texts}`] : [];
  if (texts === null || typeof texts !== 'object') return [];
  return Object.entries(texts).flatMap(([key, inner]) =>
    untranslated(inner, (of as Record<string, unknown>)[key], `${place}/${key}`)
  );
}

it.each([
  ['simplified', simplified],
  ['traditional', traditional]
])('%s Chinese has every text of English, and no other', (_, texts) => {
  expect(keys(texts)).toEqual(keys(english));
});

it.each([
  ['simplified', simplified],
  ['traditional', traditional]
])('%s Chinese leaves nothing in English but the name', (_, texts) => {
  expect(untranslated(texts, english)).toEqual(['/product: Aftercare']);
});

it('pages for customers say the same things in every language', () => {
  expect(keys(words['zh-Hans'])).toEqual(keys(words.en));
  expect(keys(words['zh-Hant'])).toEqual(keys(words.en));
});

it('the language goes by what the browser asks for', () => {
  const asked = ['en-US', 'de', 'zh', 'zh-CN', 'zh-TW', 'zh-Hant-HK'];
  expect(asked.map(languageOf)).toEqual(['en', 'en', 'zh-Hans', 'zh-Hans', 'zh-Hant', 'zh-Hant']);
});
