import { afterEach, expect, it, vi } from 'vitest';
import { PublicApi } from '../src/lib/api/public';
import { isPicture } from '../src/lib/messages/files';

afterEach(() => vi.unstubAllGlobals());

it('a photo is sent as it is, with its name as the title', async () => {
  const asked: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push([path, init]);
    return Promise.resolve(new Response('{}', { status: 201 }));
  });
  const file = new File(['bytes'], 'leak & drip.jpg', { type: 'image/jpeg' });
  await new PublicApi().attach('s/1', file);
  const [path, init] = asked[0] ?? ['', {}];
  expect(path).toBe('/api/v1/public/requests/s%2F1/attachments?title=leak%20%26%20drip.jpg');
  expect(init.body).toBe(file);
  expect(new Headers(init.headers).get('content-type')).toBe('application/octet-stream');
});

it('only what browsers show is shown as a picture', () => {
  expect(isPicture('image/png')).toBe(true);
  expect(isPicture('image/heif')).toBe(false);
  expect(isPicture('application/pdf')).toBe(false);
});
