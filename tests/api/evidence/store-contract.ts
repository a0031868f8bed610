import { expect, it } from 'vitest';
import type { EvidenceStore } from '#api/storage/evidence.ts';

export interface EvidenceStoreUnderTest {
  readonly store: EvidenceStore;
  /** Sequences leaves in one transaction, which is undone when `fail` is set. */
  readonly append: (leaves: readonly Uint8Array[], fail?: boolean) => Promise<readonly number[]>;
}

const leaf = (n: number) => new Uint8Array(32).fill(n);
const checkpoint = (size: number) => ({
  size,
  root: new Uint8Array(32).fill(size),
  signedAt: new Date('2026-04-01T00:00:00.123Z'),
  note: `note ${size}\n`,
});

/** What every driver of the evidence log's store must do. */
export function testEvidenceStore(open: () => EvidenceStoreUnderTest | Promise<EvidenceStoreUnderTest>): void {
  it('numbers leaves without gaps, also after work that was undone', async () => {
    const { store, append } = await open();
    expect(await append([leaf(0), leaf(1)])).toEqual([0, 1]);
    await expect(append([leaf(9)], true)).rejects.toThrow(RangeError);
    const together = await Promise.all([append([leaf(2)]), append([leaf(9)], true).catch(() => []), append([leaf(3)])]);
    expect(together).toEqual([[2], [], [3]]);
    expect(await store.readLeafCount()).toBe(4);
    expect(await store.readLeaves(1, 9)).toEqual([leaf(1), leaf(2), leaf(3)]);
  });

  it('stores tiles and checkpoint together, growing tiles in place', async () => {
    const { store } = await open();
    expect(await store.readLatestCheckpoint()).toBeUndefined();
    await store.commitTree({ previousSize: -1, tiles: [], checkpoint: checkpoint(0) });
    await store.commitTree({
      previousSize: 0,
      tiles: [{ level: 0, index: 0, hashes: leaf(1) }],
      checkpoint: checkpoint(1),
    });
    const hashes = new Uint8Array(64).fill(1);
    await store.commitTree({ previousSize: 1, tiles: [{ level: 0, index: 0, hashes }], checkpoint: checkpoint(2) });
    expect(await store.readTile(0, 0)).toEqual(hashes);
    expect(await store.readTile(0, 1)).toBeUndefined();
    expect(await store.readLatestCheckpoint()).toEqual(checkpoint(2));
    expect(await store.readCheckpoint(1)).toEqual(checkpoint(1));
    expect(await store.readCheckpoint(7)).toBeUndefined();
  });

  it.each([
    ['grew meanwhile', 0, 2],
    ['has no such past', 5, 6],
    ['would shrink', 1, 1],
  ])('refuses an update of a tree that %s, and stores nothing of it', async (_name, previousSize, size) => {
    const { store } = await open();
    await store.commitTree({ previousSize: -1, tiles: [], checkpoint: checkpoint(1) });
    const update = { previousSize, tiles: [{ level: 0, index: 0, hashes: leaf(7) }], checkpoint: checkpoint(size) };
    await expect(store.commitTree(update)).rejects.toMatchObject({ code: 'tree_moved' });
    expect(await store.readTile(0, 0)).toBeUndefined();
    expect((await store.readLatestCheckpoint())?.size).toBe(1);
  });

  it('lets one of those who grow the tree at once win, and numbers what is appended meanwhile', async () => {
    const { store, append } = await open();
    await store.commitTree({ previousSize: -1, tiles: [], checkpoint: checkpoint(0) });
    const updates = [1, 2, 3, 4].map((size) =>
      store.commitTree({ previousSize: 0, tiles: [], checkpoint: checkpoint(size) }),
    );
    const appended = Promise.all([5, 6, 7].map((n) => append([leaf(n), leaf(n)])));
    const outcomes = await Promise.allSettled(updates);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await appended).flat().toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('counts the cosignatures of many witnesses at once, each once', async () => {
    const { store } = await open();
    await store.commitTree({ previousSize: -1, tiles: [], checkpoint: checkpoint(1) });
    const names = ['c', 'a', 'b', 'a'];
    await Promise.all(names.map((name) => store.addCosignature(1, name, `by ${name}\n`)));
    expect(await store.readLatestCosigned(4)).toBeUndefined();
    expect((await store.readLatestCosigned(3))?.note).toBe('note 1\nby a\nby b\nby c\n');
  });

  it('finds the oldest time-stamp that covers leaves, among those that witnesses vouch for', async () => {
    const { store } = await open();
    for (const size of [1, 2, 3]) {
      await store.commitTree({ previousSize: size === 1 ? -1 : size - 1, tiles: [], checkpoint: checkpoint(size) });
      const [token, time] = [Uint8Array.of(size), new Date(size * 1000)];
      await store.addTimestamp({ size, authority: 'tsa', kind: 'rfc3161', token, time });
    }
    await store.addCosignature(2, 'w', 'by w\n');
    const sizeOf = async (...of: [number, number?]) => (await store.readTimestampCovering(...of))?.size;
    expect([await sizeOf(1), await sizeOf(2), await sizeOf(4)]).toEqual([1, 2, undefined]);
    expect([await sizeOf(1, 1), await sizeOf(2, 1), await sizeOf(3, 1), await sizeOf(1, 2)]).toEqual([
      2,
      2,
      undefined,
      undefined,
    ]);
  });
}
