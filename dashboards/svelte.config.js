import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    // The server answers every address that is neither a file nor /api with this page.
    // It sends files compressed as the build left them.
    adapter: adapter({ fallback: 'index.html', precompress: true }),
    // The page holds a token: nothing from elsewhere may run in it or be sent to. Styles are
    // allowed inline because uPlot and Svelte set widths on elements.
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        'style-src': ['self', 'unsafe-inline'],
        // Photos and voice notes are looked at and listened to before they are sent.
        'img-src': ['self', 'data:', 'blob:'],
        'media-src': ['self', 'blob:'],
        'connect-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self']
      }
    },
    // Registered for whoever is signed in: customers who follow a link keep nothing.
    serviceWorker: { register: false },
    // A new release is noticed by the next navigation instead of failing on a missing chunk.
    version: { pollInterval: 0 }
  }
};
