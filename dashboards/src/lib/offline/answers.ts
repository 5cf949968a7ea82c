import { KEPT_FILES } from './files';
import type { Store } from './store';

/** What is read again and again, or is too much for a device. */
const NOT_KEPT = /^\/api\/v1\/(events|series|readings)\b/;

const DAY_MS = 24 * 60 * 60_000;
/** What nobody has read for so long is forgotten. */
export const KEPT_MS = 7 * DAY_MS;
/** The same answer is not written again before, milliseconds: screens ask every few seconds. */
const AGAIN_MS = 10_000;
/** Largest answer that is kept, characters. */
const LARGEST = 1_000_000;

/** So long the server is waited for where something is kept, milliseconds: in a cellar nothing fails, it hangs. */
const PATIENCE_MS = 5_000;

/** Answers of a way to the server that is there while the server is not (RFC 9110, section 15.6). */
const GATEWAY = [502, 503, 504];

/** `fetch` that keeps what was read, and reads it again while the server cannot be reached. */
export class Answers {
  readonly #written = new Map<string, number>();

  constructor(
    private readonly store: Promise<Store>,
    /** Told how old is what is shown; null: from the server just now. */
    private readonly told: (asOfMs: number | null) => void,
    private readonly send: typeof fetch = fetch.bind(globalThis),
    private readonly now: () => number = Date.now
  ) {}

  readonly fetch: typeof fetch = async (input, init) => {
    const path = String(input);
    const isRead = (init?.method ?? 'GET') === 'GET' && !NOT_KEPT.test(path);
    if (!isRead) return this.send(input, init);
    let response: Response;
    try {
      const reply = this.send(input, init);
      const kept = await soon(reply, () => this.#kept(path));
      if (kept) return kept;
      response = await reply;
    } catch (error) {
      const kept = init?.signal?.aborted ? null : await this.#kept(path);
      if (kept) return kept;
      throw error;
    }
    if (GATEWAY.includes(response.status)) return (await this.#kept(path)) ?? response;
    this.told(null);
    if (response.ok) void this.#keep(path, response.clone());
    return response;
  };

  /** Whoever signs in or out leaves nothing to be read by the next one. */
  async forget(): Promise<void> {
    this.#written.clear();
    await (globalThis.caches as CacheStorage | undefined)?.delete(KEPT_FILES);
    await (await this.store).forgetAnswers();
  }

  async #kept(path: string): Promise<Response | null> {
    const kept = await (await this.store).answer(path);
    if (!kept) return null;
    this.told(kept.atMs);
    return new Response(kept.body, { headers: { 'content-type': 'application/json' } });
  }

  async #keep(path: string, response: Response): Promise<void> {
    const atMs = this.now();
    if (!response.headers.get('content-type')?.startsWith('application/json')) return;
    if (atMs - (this.#written.get(path) ?? -Infinity) < AGAIN_MS) return;
    this.#written.set(path, atMs);
    try {
      const body = await response.text();
      if (body.length <= LARGEST) await (await this.store).keepAnswer({ path, body, atMs });
    } catch {
      // Cut off, or the device is full: the reader has the answer all the same.
    }
  }
}

/** Null where the reply, or its failure, is there in time; otherwise what else there is. */
async function soon<T>(reply: Promise<T>, otherwise: () => Promise<T | null>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((done) => (timer = setTimeout(() => done('late'), PATIENCE_MS)));
  const first = await Promise.race([reply.catch(() => null), late]);
  clearTimeout(timer);
  return first === 'late' ? otherwise() : null;
}
