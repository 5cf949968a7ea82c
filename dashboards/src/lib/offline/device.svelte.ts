import { Answers, KEPT_MS } from './answers';
import { openStore } from './database';
import { madeHere, withEffects } from './effects';
import type { Outbox } from './outbox.svelte';

/** What this device knows without a network, and how reading and writing goes through it. */
export class Device {
  /** How old the oldest is that was read since the network went; null while it is there. */
  asOf = $state<number | null>(null);
  /** Of whoever is signed in. */
  outbox = $state.raw<Outbox | null>(null);

  readonly store = openStore();
  readonly answers = new Answers(this.store, (asOf) => {
    this.asOf = asOf === null ? null : Math.min(this.asOf ?? asOf, asOf);
  });

  constructor() {
    void this.store.then((store) => store.forgetAnswers(Date.now() - KEPT_MS));
  }

  readonly fetch: typeof fetch = (input, init) => this.answers.fetch(input, init);

  /** What only this device knows. */
  readonly made = async (path: string): Promise<unknown> => {
    await this.outbox?.ready;
    return madeHere(path, this.outbox?.effects ?? []);
  };

  /** What was read, with what was done here and is not sent yet. */
  readonly seen = (path: string, answer: unknown): unknown =>
    withEffects(path, answer, this.outbox?.effects ?? []);
}
