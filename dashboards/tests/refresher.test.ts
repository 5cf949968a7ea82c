import { expect, it } from 'vitest';
import { Refresher } from '../src/lib/state/refresher';

it('changes that come while a list is loaded are loaded once more, however many they are', async () => {
  let loads = 0;
  const ends: (() => void)[] = [];
  const refresher = new Refresher(() => {
    loads += 1;
    return new Promise<void>((done) => ends.push(done));
  });
  const first = refresher.ask();
  for (let event = 0; event < 100; event += 1) void refresher.ask();
  expect(loads).toBe(1);
  ends[0]?.();
  await Promise.resolve();
  expect(loads).toBe(2);
  ends[1]?.();
  await first;
  expect(loads).toBe(2);
});

it('a load that fails does not end the others', async () => {
  let loads = 0;
  const refresher = new Refresher(async () => {
    loads += 1;
    if (loads === 1) throw new Error('no answer');
  });
  await expect(refresher.ask()).rejects.toThrow('no answer');
  await refresher.ask();
  expect(loads).toBe(2);
});
