import { describe, expect, it } from 'vitest';
import { verifyConsistency } from '../../../api/contract/evidence/merkle-verify.ts';
import { createConsistencyProof } from '../../../api/contract/evidence/merkle-proof.ts';
import { parseSignedCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import type { EvidenceStore } from '../../../api/storage/evidence.ts';
import { leaf, openTestLog } from './evidence-fixture.ts';

const FAULTS = {
  'not stored': (store: EvidenceStore, update: Parameters<EvidenceStore['commitTree']>[0]) => {
    void store;
    void update;
    return Promise.reject(new RangeError('power lost before the write'));
  },
  'stored but unanswered': async (store: EvidenceStore, update: Parameters<EvidenceStore['commitTree']>[0]) => {
    await store.commitTree(update);
    throw new RangeError('power lost after the write');
  },
} as const;

const readNode = (level: number, index: number): Uint8Array =>
  level === 0 ? hashLeaf(leaf(index)) : hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));

/** Every checkpoint in the store extends the one before. */
async function expectOneHistory(store: EvidenceStore, sizes: readonly number[]): Promise<void> {
  let old: { readonly size: number; readonly root: Uint8Array } | undefined;
  for (const size of sizes) {
    const stored = await store.readCheckpoint(size);
    if (!stored) continue;
    expect(parseSignedCheckpoint(stored.note).checkpoint).toMatchObject({ size, root: stored.root });
    if (old) {
      const proof = createConsistencyProof(old.size, size, readNode);
      const claim = { oldSize: old.size, oldRoot: old.root, size, root: stored.root, proof };
      expect(verifyConsistency(claim)).toBe(true);
    }
    old = stored;
  }
}

describe.each(Object.entries(FAULTS))('a commit of the tree that is %s', (_, fault) => {
  it.each([0, 1, 2, 3])('leaves the old or the new tree, never another (write %i)', async (failing) => {
    let writes = 0;
    const { open, append, store } = await openTestLog((real) => ({
      ...real,
      commitTree: (update) => (writes++ === failing ? fault(real, update) : real.commitTree(update)),
    }));
    let log = await open().catch(() => open());
    const sizes = [0];
    for (const step of [200, 100, 700]) {
      sizes.push(await append(step));
      // The same process goes on, or a new one opens the store: both must end with one history.
      await log.integrate().catch(async () => {
        if (failing % 2 === 0) log = await open();
      });
    }
    const { size } = await log.integrate();
    expect(size).toBe(1000);
    await expectOneHistory(store, sizes);
  });
});

describe('two processes over one store', () => {
  it('cannot both extend the same tree', async () => {
    let hold: (() => void) | undefined;
    const { open, append, store } = await openTestLog();
    const slow = await open({
      store: {
        ...store,
        commitTree: async (update) => {
          if (update.checkpoint.size > 0) await new Promise<void>((resolve) => (hold = resolve));
          await store.commitTree(update);
        },
      },
    });
    const fast = await open();
    await append(5);
    const losing = slow.integrate();
    await expect.poll(() => hold).toBeDefined();
    await append(5);
    expect((await fast.integrate()).size).toBe(10);
    hold?.();
    await expect(losing).rejects.toMatchObject({ code: 'tree_moved' });
    expect((await slow.integrate()).size).toBe(10);
    await expectOneHistory(store, [0, 5, 10]);
  });
});
