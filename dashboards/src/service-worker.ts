/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
// The app itself opens without a network; what it shows then is kept by the page (lib/offline).
import { build, files, version } from '$service-worker';
import { KEPT_FILES } from '$lib/offline/files';

const self = globalThis.self as unknown as ServiceWorkerGlobalScope;

const SHELL = `shell-${version}`;
const PAGE = '/';
const ASSETS = new Set([...build, ...files]);
const ATTACHMENTS = '/api/v1/attachments/';
/** Photos of a telephone are smaller. */
const LARGEST_FILE_BYTES = 8 * 1024 * 1024;
/** So long a page is waited for from the network before the kept one is shown, milliseconds. */
const PATIENCE_MS = 4_000;

self.addEventListener('install', (event) => {
  const keep = async () => (await caches.open(SHELL)).addAll([PAGE, ...ASSETS]);
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const forget = async () => {
    const names = await caches.keys();
    const older = names.filter((name) => name !== SHELL && name !== KEPT_FILES);
    await Promise.all(older.map((name) => caches.delete(name)));
  };
  event.waitUntil(forget());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (ASSETS.has(pathname)) event.respondWith(asset(request));
  else if (pathname.startsWith(ATTACHMENTS)) event.respondWith(attachment(request));
  else if (request.mode === 'navigate' && !pathname.startsWith('/api/')) {
    event.respondWith(shell(request));
  }
});

/** Names of files carry a digest of their content, except for the few beside them. */
async function asset(request: Request): Promise<Response> {
  const kept = await (await caches.open(SHELL)).match(request);
  return kept ?? fetch(request);
}

/** A photo that was looked at, or taken onto the device, does not change. */
async function attachment(request: Request): Promise<Response> {
  const keeping = await caches.open(KEPT_FILES);
  const kept = await keeping.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  const bytes = Number(response.headers.get('content-length'));
  if (response.status === 200 && bytes > 0 && bytes <= LARGEST_FILE_BYTES) {
    await keeping.put(request.url, response.clone());
  }
  return response;
}

/** Every address is the same page; a newer one comes with its own files. */
async function shell(request: Request): Promise<Response> {
  const shellCache = await caches.open(SHELL);
  const kept = await shellCache.match(PAGE);
  if (!kept) return fetch(request);
  const late = new Promise<Response>((show) => setTimeout(() => show(kept), PATIENCE_MS));
  return Promise.race([fetch(request), late]).catch(() => kept);
}
