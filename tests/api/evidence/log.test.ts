import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../../api/contract/encoding.ts';
import { parseSignedCheckpoint, verifyCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { verifyInclusion } from '../../../api/contract/evidence/merkle-verify.ts';
import { treeRoot } from '../../../api/contract/evidence/merkle-proof.ts';
import { parseTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { EMPTY_ROOT, hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import type { EvidenceLog } from '../../../api/evidence/log.ts';
import { ORIGIN, leaf, openTestLog } from './evidence-fixture.ts';

/** The root by definition, without tiles. */
function rootOf(size: number): Uint8Array {
  const read = (level: number, index: number): Uint8Array =>
    level === 0 ? hashLeaf(leaf(index)) : hashNode(read(level - 1, 2 * index), read(level - 1, 2 * index + 1));
  return treeRoot(size, read);
}

async function expectIncluded(log: EvidenceLog, index: number): Promise<void> {
  const { hashes, signedCheckpoint } = parseTlogProof(await log.proofFor(index));
  const { size, root } = signedCheckpoint.checkpoint;
  expect(verifyInclusion({ index, size, leafHash: hashLeaf(leaf(index)), root, proof: hashes })).toBe(true);
}

describe('evidence log', () => {
  it('publishes a checkpoint of the empty tree at once', async () => {
    const { open, signer } = await openTestLog();
    const log = await open();
    const { note, size, root } = await log.latestCheckpoint();
    expect([size, root]).toEqual([0, EMPTY_ROOT]);
    await verifyCheckpoint(parseSignedCheckpoint(note), signer.verifier);
  });

  it('integrates what was sequenced, whatever the steps', async () => {
    const { open, append } = await openTestLog();
    const log = await open();
    for (const step of [1, 1, 2, 251, 1, 1, 255, 300, 1]) {
      const size = await append(step);
      const checkpoint = await log.integrate();
      expect([checkpoint.size, checkpoint.root]).toEqual([size, rootOf(size)]);
    }
    for (const index of [0, 1, 254, 255, 256, 511, 512, 811, 812]) await expectIncluded(log, index);
  });

  it('proves leaves of a tree of three tile levels', async () => {
    const { open, append } = await openTestLog();
    const log = await open();
    const size = await append(66_000);
    const checkpoint = await log.integrate();
    expect(checkpoint.root).toEqual(rootOf(size));
    for (const index of [0, 65_535, 65_536, 65_999]) await expectIncluded(log, index);
  });

  it('goes on with the same tree after a restart', async () => {
    const { open, append } = await openTestLog();
    await open();
    await append(300);
    await (await open()).integrate();
    const size = await append(5);
    const log = await open();
    expect(await log.latestCheckpoint()).toMatchObject({ size, root: rootOf(size) });
    await expectIncluded(log, 304);
  });

  it('has no proof for a leaf that no checkpoint covers', async () => {
    const { open, append } = await openTestLog();
    const log = await open();
    await append(1);
    await expect(log.proofFor(0)).rejects.toMatchObject({ code: 'leaf_not_integrated' });
  });

  it('knows the checkpoints it signed, and when', async () => {
    const { open, append, time } = await openTestLog();
    const log = await open();
    await append(3);
    time.now = new Date('2026-04-01T09:00:00Z');
    await log.integrate();
    await append(1);
    time.now = new Date('2026-04-01T10:00:00Z');
    await log.integrate();

    const root = encodeBase64(rootOf(3));
    expect(await log.isKnownCheckpoint({ origin: ORIGIN, size: 3, root })).toEqual({
      signedAt: new Date('2026-04-01T09:00:00Z'),
    });
    expect(await log.isKnownCheckpoint({ origin: 'west.example/evidence', size: 3, root })).toBeUndefined();
    expect(await log.isKnownCheckpoint({ origin: ORIGIN, size: 2, root })).toBeUndefined();
    expect(await log.isKnownCheckpoint({ origin: ORIGIN, size: 4, root })).toBeUndefined();
    expect((await log.checkpointAt(3))?.root).toEqual(rootOf(3));
  });

  it('refuses to sign as another origin', async () => {
    const { open } = await openTestLog();
    await expect(open({ origin: 'west.example/evidence' })).rejects.toThrow(TypeError);
  });

  it('notices tiles that no longer hash to the signed root, and signs nothing', async () => {
    const { open, append, store, database } = await openTestLog();
    await open();
    await append(10);
    await (await open()).integrate();
    await database.write((db) => db.exec(`UPDATE evidence_tile SET hashes = zeroblob(320)`));
    await append(1);
    await expect(open()).rejects.toMatchObject({ code: 'tree_damaged' });
    expect((await store.readLatestCheckpoint())?.size).toBe(10);
  });
});

describe('waiting for a leaf', () => {
  it('ends when the leaf is under a durable checkpoint', async () => {
    const { open, append } = await openTestLog();
    const log = await open();
    const stop = log.start({ intervalMs: 5, groupMs: 0 });
    const size = await append(2);
    await log.waitFor(size - 1);
    expect((await log.latestCheckpoint()).size).toBe(2);
    await log.waitFor(0);
    await stop();
  });

  it('is woken, not left to the interval', async () => {
    const { open, append } = await openTestLog();
    const log = await open();
    const stop = log.start({ intervalMs: 3_600_000, groupMs: 0 });
    await append(1);
    await log.waitFor(0);
    await stop();
  });

  it('ends with the signal', async () => {
    const { open } = await openTestLog();
    const log = await open();
    const controller = new AbortController();
    const waiting = log.waitFor(7, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(log.waitFor(7, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('survives an integration that fails', async () => {
    let failures = 1;
    const { open, append } = await openTestLog((store) => ({
      ...store,
      commitTree: (update) =>
        update.checkpoint.size > 0 && failures-- > 0
          ? Promise.reject(new RangeError('disk full'))
          : store.commitTree(update),
    }));
    const log = await open();
    const seen: unknown[] = [];
    const stop = log.start({ intervalMs: 1, groupMs: 0, onFailure: (error) => seen.push(error) });
    await append(1);
    await log.waitFor(0);
    expect(seen).toHaveLength(1);
    await stop();
  });
});
