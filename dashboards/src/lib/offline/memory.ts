import type { KeptAnswer, Store, Unsent } from './store';

/** Where the browser keeps nothing for pages: the tab remembers as long as it is open. */
export class MemoryStore implements Store {
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #unsent = new Map<number, Unsent>();
  #last = 0;

  answer(path: string): Promise<KeptAnswer | undefined> {
    return Promise.resolve(this.#answers.get(path));
  }

  keepAnswer(answer: KeptAnswer): Promise<void> {
    this.#answers.set(answer.path, answer);
    return Promise.resolve();
  }

  forgetAnswers(beforeMs = Infinity): Promise<void> {
    for (const { path, atMs } of this.#answers.values()) {
      if (atMs < beforeMs) this.#answers.delete(path);
    }
    return Promise.resolve();
  }

  unsent(): Promise<Unsent[]> {
    return Promise.resolve([...this.#unsent.values()]);
  }

  add(write: Omit<Unsent, 'seq'>): Promise<number> {
    this.#last += 1;
    this.#unsent.set(this.#last, { ...write, seq: this.#last });
    return Promise.resolve(this.#last);
  }

  change(write: Unsent): Promise<void> {
    if (this.#unsent.has(write.seq)) this.#unsent.set(write.seq, write);
    return Promise.resolve();
  }

  remove(seq: number): Promise<void> {
    this.#unsent.delete(seq);
    return Promise.resolve();
  }
}
