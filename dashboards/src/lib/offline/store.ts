/** What a device keeps for the time without a network, also when the browser is closed. */
import type { Stamped } from './write';
import type { Effect } from './effects';

/** What the server said last under an address. */
export interface KeptAnswer {
  path: string;
  body: string;
  /** When it was said, by this device. */
  atMs: number;
}

/** Why the server did not want a write. */
export interface Refusal {
  status: number;
  detail: string;
  body: Readonly<Record<string, unknown>>;
}

/** Something that was done and is not with the server yet. */
export interface Unsent extends Stamped {
  /** The order in which it was done on this device. */
  seq: number;
  /** Whose it is: nobody else's session sends it. */
  accountId: string;
  /** What it is, for people. */
  what: string;
  /** What it changes in what was read before. */
  effects: readonly Effect[];
  refusal: Refusal | null;
}

export interface Store {
  answer(path: string): Promise<KeptAnswer | undefined>;
  keepAnswer(answer: KeptAnswer): Promise<void>;
  /** Answers that are older, or all. */
  forgetAnswers(beforeMs?: number): Promise<void>;
  /** In the order in which they were done. */
  unsent(): Promise<Unsent[]>;
  /** Returns when it is durable. */
  add(write: Omit<Unsent, 'seq'>): Promise<number>;
  change(write: Unsent): Promise<void>;
  remove(seq: number): Promise<void>;
}
