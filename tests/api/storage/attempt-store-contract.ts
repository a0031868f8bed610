import { expect, it } from 'vitest';
import type { AttemptStore } from '#api/storage/attempts.ts';
import { later, NOW } from '../parties/parties.ts';

const ALLOWANCE = { failures: 3, windowMs: 60_000 };

/** What every driver of the guesses must do. */
export function testAttemptStore(open: () => AttemptStore | Promise<AttemptStore>): void {
  const tryAt = (store: AttemptStore, ms: number, door = 'codes') => store.take(door, later(ms), ALLOWANCE);

  it('lets a few pass, then none until the oldest has aged', async () => {
    const store = await open();
    for (const ms of [0, 10, 20]) expect(await tryAt(store, ms)).toBe(true);
    expect(await tryAt(store, 30)).toBe(false);
    expect(await tryAt(store, 59_999)).toBe(false);
    expect(await tryAt(store, 60_000)).toBe(true);
    expect(await tryAt(store, 60_001)).toBe(false);
  });

  it('lets no more pass of many that come at once', async () => {
    const store = await open();
    const passed = await Promise.all(Array.from({ length: 20 }, () => tryAt(store, 0)));
    expect(passed.filter(Boolean)).toHaveLength(3);
  });

  it('counts one guess less where one was right, of several at the same moment too', async () => {
    const store = await open();
    for (let n = 0; n < 3; n += 1) await tryAt(store, 0);
    await store.giveBack('codes', NOW);
    expect(await tryAt(store, 1)).toBe(true);
    expect(await tryAt(store, 2)).toBe(false);
    await store.giveBack('codes', later(99));
    expect(await tryAt(store, 3)).toBe(false);
  });

  it('counts each door by itself', async () => {
    const store = await open();
    for (let n = 0; n < 4; n += 1) await tryAt(store, n);
    expect(await tryAt(store, 5, 'invitations')).toBe(true);
  });
}
