import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { MemoryStore } from './memory';
import type { KeptAnswer, Store, Unsent } from './store';

interface Tables extends DBSchema {
  answers: { key: string; value: KeptAnswer; indexes: { atMs: number } };
  unsent: { key: number; value: Unsent };
}

const NAME = 'aftercare';
const VERSION = 1;

/** The browser's database (IndexedDB), or this tab's memory where there is none. */
export async function openStore(): Promise<Store> {
  try {
    const db = await openDB<Tables>(NAME, VERSION, {
      upgrade(db) {
        db.createObjectStore('answers', { keyPath: 'path' }).createIndex('atMs', 'atMs');
        db.createObjectStore('unsent', { keyPath: 'seq', autoIncrement: true });
      }
    });
    return new DatabaseStore(db);
  } catch {
    return new MemoryStore();
  }
}

class DatabaseStore implements Store {
  constructor(private readonly db: IDBPDatabase<Tables>) {}

  answer(path: string): Promise<KeptAnswer | undefined> {
    return this.db.get('answers', path);
  }

  async keepAnswer(answer: KeptAnswer): Promise<void> {
    await this.db.put('answers', answer);
  }

  async forgetAnswers(beforeMs = Infinity): Promise<void> {
    const tx = this.db.transaction('answers', 'readwrite');
    const older = IDBKeyRange.upperBound(beforeMs, true);
    for await (const row of tx.store.index('atMs').iterate(older)) await row.delete();
    await tx.done;
  }

  unsent(): Promise<Unsent[]> {
    return this.db.getAll('unsent');
  }

  async add(write: Omit<Unsent, 'seq'>): Promise<number> {
    // Strict: on the disk, not only with the operating system, when this returns.
    const tx = this.db.transaction('unsent', 'readwrite', { durability: 'strict' });
    const seq = await tx.store.add(write as Unsent);
    await tx.done;
    return seq;
  }

  async change(write: Unsent): Promise<void> {
    const tx = this.db.transaction('unsent', 'readwrite');
    if (await tx.store.get(write.seq)) await tx.store.put(write);
    await tx.done;
  }

  async remove(seq: number): Promise<void> {
    await this.db.delete('unsent', seq);
  }
}
