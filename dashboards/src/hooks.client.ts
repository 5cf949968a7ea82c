import type { ClientInit } from '@sveltejs/kit';
import { speak } from '$lib/messages';
import { language } from '$lib/messages/language';
import { applyTheme } from '$lib/state/preferences';

/** Before anything is on screen. */
export const init: ClientInit = async () => {
  applyTheme();
  await speak(language);
};
