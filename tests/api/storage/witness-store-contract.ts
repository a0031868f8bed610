import { expect, it } from 'vitest';
import type { WitnessStore } from '#api/storage/witness.ts';

const seen = (size: number, note = `note ${size}`) => ({
  ...{ origin: 'log.example', size, root: new Uint8Array(32).fill(size), note },
});

/** What every driver of a witness's memory must do. */
export function testWitnessStore(open: () => WitnessStore | Promise<WitnessStore>): void {
  it('moves on from what it saw', async () => {
    const store = await open();
    expect(await store.readSeen('log.example')).toBeUndefined();
    expect(await store.advance(0, seen(3))).toBe(true);
    expect(await store.advance(3, seen(8))).toBe(true);
    expect(await store.readSeen('log.example')).toEqual(seen(8));
    expect(await store.readSeen('another.example')).toBeUndefined();
  });

  it('goes nowhere from anything else', async () => {
    const store = await open();
    expect(await store.advance(2, seen(3))).toBe(false);
    expect(await store.readSeen('log.example')).toBeUndefined();
    await store.advance(0, seen(3));
    for (const previous of [0, 2, 8]) expect(await store.advance(previous, seen(9))).toBe(false);
    expect(await store.readSeen('log.example')).toEqual(seen(3));
  });

  it('lets one of those who come at once go on', async () => {
    const store = await open();
    const firsts = await Promise.all([1, 2, 3, 4].map((size) => store.advance(0, seen(size))));
    expect(firsts.filter(Boolean)).toHaveLength(1);
    const size = (await store.readSeen('log.example'))?.size ?? 0;
    const seconds = await Promise.all([10, 11, 12].map((next) => store.advance(size, seen(next))));
    expect(seconds.filter(Boolean)).toHaveLength(1);
  });

  it('keeps each misbehaviour once, oldest first', async () => {
    const store = await open();
    const found = (second: number, offeredNote: string) => ({
      ...{ origin: 'log.example', seenNote: 'seen', offeredNote, noticedAt: new Date(second * 1000) },
    });
    await store.recordMisbehaviour(found(2, 'fork'));
    await store.recordMisbehaviour(found(1, 'rollback'));
    await store.recordMisbehaviour(found(3, 'fork'));
    expect(await store.readMisbehaviour('log.example')).toEqual([found(1, 'rollback'), found(2, 'fork')]);
    expect(await store.readMisbehaviour('another.example')).toEqual([]);
  });
}
