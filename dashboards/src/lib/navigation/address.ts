import { goto } from '$app/navigation';
import { page } from '$app/state';

/**
 * Shows the screen that one looks at by a changed address: null and an empty text take a part of it
 * away. `replaceState` is for what is no step to come back to, such as typing.
 */
export function changeAddress(
  change: Readonly<Record<string, string | null>>,
  replaceState = false
): void {
  const next = new URL(page.url);
  for (const [key, value] of Object.entries(change)) {
    if (value) next.searchParams.set(key, value);
    else next.searchParams.delete(key);
  }
  // eslint-disable-next-line svelte/no-navigation-without-resolve -- the address of this very screen
  void goto(next, { keepFocus: true, noScroll: true, replaceState });
}
