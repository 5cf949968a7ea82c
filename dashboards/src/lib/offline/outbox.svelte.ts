/**
 * What was done on this device reaches the server exactly once and in order, also when the network or the
 * browser was gone in between: it is written down first, then sent with the key under which the server
 * does it once (draft-ietf-httpapi-idempotency-key-header).
 */
import { ApiProblem } from '$lib/api/transport';
import { stamp, type Send, type Stamped, type Write } from './write';
import { newKey } from '$lib/repairs/key';
import type { Effect } from './effects';
import type { Store, Unsent } from './store';

/** What waits is tried again, milliseconds: not every browser tells when the network is back. */
const AGAIN_MS = 10_000;

/** So long somebody waits for the answer, milliseconds; then it waits for the network by itself. */
const PATIENCE_MS = 4_000;

/** Only one tab sends at a time. */
const LOCK = 'aftercare-outbox';

/** The server has not decided: asked again later, it will. */
function isUndecided(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return true;
  const { status, detail } = error;
  if (status >= 500 || status === 401 || status === 408 || status === 429) return true;
  // The first attempt, whose answer was lost, has not come to its end.
  return status === 409 && detail.startsWith('the same write is under way');
}

type Outcome = { answer: unknown } | { refused: ApiProblem };

export class Outbox {
  /** What is not with the server yet, in the order in which it was done. */
  unsent = $state.raw<readonly Unsent[]>([]);

  /** What an earlier tab has left is known. */
  readonly ready: Promise<void>;

  readonly #outcomes = new Map<number, Outcome>();
  readonly #awaited = new Set<number>();
  #sending: Promise<void> | null = null;
  #again = false;

  constructor(
    private readonly store: Promise<Store>,
    private readonly accountId: string,
    private readonly transmit: (stamped: Stamped) => Promise<unknown>,
    private readonly now: () => number = Date.now
  ) {
    this.ready = this.#read();
  }

  /** What is not sent and not refused, as it shows in what is read. */
  get effects(): readonly Effect[] {
    return this.unsent.filter(({ refusal }) => !refusal).flatMap(({ effects }) => effects);
  }

  /** Sends what an earlier tab has left, and from now on what waits. */
  start(): () => void {
    const again = () => void this.flush();
    again();
    addEventListener('online', again);
    const timer = setInterval(() => {
      if (this.unsent.length > 0) again();
    }, AGAIN_MS);
    return () => {
      removeEventListener('online', again);
      clearInterval(timer);
    };
  }

  /**
   * Answers what the server said; null when it is kept until there is a network. What the server
   * refuses while somebody waits for it is theirs to mend, and is not kept.
   */
  readonly send: Send = async <T>(write: Write): Promise<T | null> => {
    const store = await this.store;
    const seq = await store.add({
      ...stamp(write, newKey(), this.now()),
      accountId: this.accountId,
      what: write.what,
      effects: write.effects ?? [],
      refusal: null
    });
    this.#awaited.add(seq);
    try {
      await this.#read();
      await Promise.race([this.flush(), new Promise((late) => setTimeout(late, PATIENCE_MS))]);
      const outcome = this.#outcomes.get(seq);
      if (!outcome) return null;
      if ('refused' in outcome) throw outcome.refused;
      return outcome.answer as T;
    } finally {
      this.#awaited.delete(seq);
      this.#outcomes.delete(seq);
    }
  };

  /** Sends what can be sent now. Asked while it is under way, it looks once more at the end. */
  async flush(): Promise<void> {
    this.#again = true;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
    await this.#sending;
  }

  /**
   * Sends again what was refused, when somebody has made it possible: under a new key, for the old one
   * has its answer.
   */
  async retry(write: Unsent): Promise<void> {
    await (await this.store).change({ ...write, key: newKey(), refusal: null });
    await this.#read();
    await this.flush();
  }

  async drop(write: Unsent): Promise<void> {
    await (await this.store).remove(write.seq);
    await this.#read();
  }

  async #sendAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await alone(() => this.#sendInOrder());
    }
  }

  async #sendInOrder(): Promise<void> {
    const store = await this.store;
    for (;;) {
      // Read anew each time: another tab may have sent, or dropped, what this one remembers.
      await this.#read();
      const next = this.unsent.find(({ refusal }) => !refusal);
      if (!next) return;
      try {
        this.#told(next.seq, { answer: await this.transmit(next) });
        await store.remove(next.seq);
      } catch (error) {
        if (isUndecided(error)) return;
        const refused = error as ApiProblem;
        this.#told(next.seq, { refused });
        const { status, detail, body } = refused;
        if (this.#awaited.has(next.seq)) await store.remove(next.seq);
        else await store.change({ ...next, refusal: { status, detail, body } });
      }
    }
  }

  #told(seq: number, outcome: Outcome): void {
    if (this.#awaited.has(seq)) this.#outcomes.set(seq, outcome);
  }

  async #read(): Promise<void> {
    const all = await (await this.store).unsent();
    this.unsent = all.filter(({ accountId }) => accountId === this.accountId);
  }
}

/**
 * Web Locks exist only with TLS and on the device itself; without them tabs may collide, which keys make
 * harmless.
 */
async function alone(act: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;
  await (locks ? locks.request(LOCK, act) : act());
}
