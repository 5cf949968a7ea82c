import { describe, expect, it } from 'vitest';
import { ApiProblem, Unreachable } from '../src/lib/api/transport';
import type { Stamped, Write } from '../src/lib/offline/write';
import { Answers } from '../src/lib/offline/answers';
import { madeHere, withEffects } from '../src/lib/offline/effects';
import { MemoryStore } from '../src/lib/offline/memory';
import { Outbox } from '../src/lib/offline/outbox.svelte';

const tick = (step: string): Write => ({
  method: 'PUT',
  path: `/api/v1/work-orders/W/steps/${step}`,
  body: { done: true },
  stamps: { time: 'device_at' },
  what: `step ${step}`,
  effects: [{ id: step, set: { done: true } }]
});

/** A server that remembers keys, as ours does; `cut` is what a bad network does. */
class Server {
  readonly done: string[] = [];
  readonly #answers = new Map<string, string>();
  cut: 'no' | 'before' | 'after' = 'no';
  refuses = new Set<string>();

  readonly take = ({ path, key }: Stamped): Promise<unknown> => {
    if (this.cut === 'before') return Promise.reject(new Unreachable());
    if (this.refuses.has(path)) return Promise.reject(new ApiProblem(409, 'no', null, null));
    if (!this.#answers.has(key)) {
      this.done.push(path.slice(-1));
      this.#answers.set(key, path);
    }
    if (this.cut === 'after') return Promise.reject(new Unreachable());
    return Promise.resolve(this.#answers.get(key));
  };
}

function made(store = new MemoryStore(), account = 'me') {
  const server = new Server();
  return { store, server, outbox: new Outbox(Promise.resolve(store), account, server.take) };
}

describe('the outbox', () => {
  it('answers what the server said where there is a network', async () => {
    const { server, outbox } = made();
    expect(await outbox.send(tick('1'))).toBe('/api/v1/work-orders/W/steps/1');
    expect(server.done).toEqual(['1']);
    expect(outbox.unsent).toEqual([]);
  });

  it('sends in order, once, what was done without one, also from another tab', async () => {
    const { store, server, outbox } = made();
    server.cut = 'before';
    expect(await outbox.send(tick('1'))).toBeNull();
    expect(await outbox.send(tick('2'))).toBeNull();
    expect(outbox.unsent.map(({ what }) => what)).toEqual(['step 1', 'step 2']);
    server.cut = 'no';
    const reopened = new Outbox(Promise.resolve(store), 'me', server.take);
    await reopened.flush();
    expect(server.done).toEqual(['1', '2']);
    await outbox.flush();
    expect(server.done).toEqual(['1', '2']);
    expect(await store.unsent()).toEqual([]);
  });

  it('does nothing twice when only the answer was lost', async () => {
    const { server, outbox } = made();
    server.cut = 'after';
    expect(await outbox.send(tick('1'))).toBeNull();
    server.cut = 'no';
    expect(await outbox.send(tick('2'))).not.toBeNull();
    expect(server.done).toEqual(['1', '2']);
  });

  it('keeps the time at which a thing was done', async () => {
    const store = new MemoryStore();
    const sent: Stamped[] = [];
    let now = Date.UTC(2026, 0, 1);
    let isCut = true;
    const transmit = (stamped: Stamped) => {
      if (isCut) return Promise.reject(new Unreachable());
      sent.push(stamped);
      return Promise.resolve(null);
    };
    const outbox = new Outbox(Promise.resolve(store), 'me', transmit, () => now);
    await outbox.send(tick('1'));
    now += 3_600_000;
    isCut = false;
    await outbox.flush();
    expect(sent[0]?.body).toEqual({ done: true, device_at: '2026-01-01T00:00:00.000Z' });
  });

  it('throws what is refused while somebody waits, and keeps nothing of it', async () => {
    const { server, outbox } = made();
    server.refuses.add(tick('1').path);
    await expect(outbox.send(tick('1'))).rejects.toThrow('no');
    expect(outbox.unsent).toEqual([]);
  });

  it('sets aside what is refused later, goes on with the rest, and can send it again or drop it', async () => {
    const { server, outbox } = made();
    server.cut = 'before';
    for (const step of ['1', '2', '3']) await outbox.send(tick(step));
    server.cut = 'no';
    server.refuses.add(tick('1').path).add(tick('2').path);
    await outbox.flush();
    expect(server.done).toEqual(['3']);
    expect(outbox.unsent.map(({ refusal }) => refusal?.detail)).toEqual(['no', 'no']);
    expect(outbox.effects).toEqual([]);
    server.refuses.clear();
    const [first, second] = outbox.unsent;
    if (first && second) {
      await outbox.retry(first);
      await outbox.drop(second);
    }
    expect(server.done).toEqual(['3', '1']);
    expect(outbox.unsent).toEqual([]);
  });

  it('never sends what somebody else has done', async () => {
    const { store, server, outbox } = made();
    server.cut = 'before';
    await outbox.send(tick('1'));
    server.cut = 'no';
    const other = new Outbox(Promise.resolve(store), 'somebody else', server.take);
    await other.flush();
    expect(other.unsent).toEqual([]);
    expect(server.done).toEqual([]);
  });
});

describe('what was done', () => {
  it('shows in everything that was read before, and leaves the answer as it was', () => {
    const order = { id: 'W', state: 'open', steps: [{ id: '1', done: false }, { id: '2' }] };
    const effects = [
      { id: '1', set: { done: true } },
      { id: 'W', set: { state: 'in_progress' } },
      { id: 'W', set: { state: 'on_hold' } }
    ];
    expect(withEffects('/w', { items: [order] }, effects)).toEqual({
      items: [{ id: 'W', state: 'on_hold', steps: [{ id: '1', done: true }, { id: '2' }] }]
    });
    expect(order.state).toBe('open');
  });

  it('is added to the list of a thing, also of one that only this device knows', () => {
    const session = { id: 'S', state: 'draft', axis: [] };
    const effects = [
      { path: '/sessions', add: { id: 'S', state: 'draft' } },
      { path: '/sessions/S', is: session },
      { id: 'S', set: { state: 'running' } },
      { id: 'S', list: 'axis', add: { what: 'entry' } }
    ];
    expect(withEffects('/sessions/S', madeHere('/sessions/S', effects), effects)).toEqual({
      id: 'S',
      state: 'running',
      axis: [{ what: 'entry' }]
    });
    expect(withEffects('/sessions?ticket=T', { items: [] }, effects)).toMatchObject({
      items: [{ id: 'S', state: 'running' }]
    });
    expect(madeHere('/sessions/R', effects)).toBeUndefined();
  });

  it('is added to its list, and to no other', () => {
    const effects = [{ path: '/files', add: { title: 'photo' } }];
    expect(withEffects('/files?cursor=2', { items: [1] }, effects)).toEqual({
      items: [1, { title: 'photo' }]
    });
    expect(withEffects('/other', { items: [1] }, effects)).toEqual({ items: [1] });
  });
});

describe('what was read', () => {
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' }
    });

  function reader(answer: () => Promise<Response>) {
    const told: (number | null)[] = [];
    const store = new MemoryStore();
    const answers = new Answers(
      Promise.resolve(store),
      (asOf) => told.push(asOf),
      answer as typeof fetch,
      () => 5_000
    );
    return { told, store, answers };
  }

  it('is there without a network, with its age, until it is forgotten', async () => {
    let answer = () => Promise.resolve(json({ name: 'P-101' }));
    const { told, store, answers } = reader(() => answer());
    await answers.fetch('/api/v1/assets/1');
    await expect.poll(() => store.answer('/api/v1/assets/1')).toBeTruthy();
    answer = () => Promise.reject(new TypeError('no network'));
    expect(await (await answers.fetch('/api/v1/assets/1')).json()).toEqual({ name: 'P-101' });
    expect(told).toEqual([null, 5_000]);
    await expect(answers.fetch('/api/v1/assets/2')).rejects.toThrow('no network');
    await answers.forget();
    await expect(answers.fetch('/api/v1/assets/1')).rejects.toThrow('no network');
  });

  it('is not kept when it is an error, a stream, or somebody writes', async () => {
    const { store, answers } = reader(() => Promise.resolve(json({}, 404)));
    await answers.fetch('/api/v1/assets/1');
    await answers.fetch('/api/v1/events');
    await answers.fetch('/api/v1/assets', { method: 'POST' });
    expect(await store.answer('/api/v1/assets/1')).toBeUndefined();
    expect(await store.answer('/api/v1/events')).toBeUndefined();
    expect(await store.answer('/api/v1/assets')).toBeUndefined();
  });
});
