import { EvidenceError } from '../contract/evidence/errors.ts';
import { isSameBytes } from '../contract/evidence/canonical-text.ts';
import { signCheckpoint } from '../contract/evidence/checkpoint.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import { encodeNote } from '../contract/evidence/signed-note.ts';
import { hashLeaf } from '../contract/evidence/tree-hash.ts';
import type { EvidenceStore, StoredCheckpoint } from '../storage/evidence.ts';
import { EMPTY_EDGE, edgeRoot, growTree, readEdge, type TreeEdge } from './tree-edge.ts';

/** Leaves taken into the tree by one commit. Bounds memory and the length of the transaction when catching up. */
const MAX_GROUP = 16_384;

export interface IntegratorParts {
  readonly store: EvidenceStore;
  readonly signer: NoteSigner;
  readonly clock: () => Date;
}

/**
 * Takes sequenced leaves into the tree: hashes, signs, and stores tiles and checkpoint in one commit.
 *
 * A checkpoint is shown to nobody before it is durable, and leaves never change, so whatever a crash leaves behind,
 * the next tree is consistent with every checkpoint that left this machine. The edge kept in memory is only an
 * optimization: it is checked against the stored root when read, and dropped after any failure.
 */
export class Integrator {
  readonly #parts: IntegratorParts;
  #edge: TreeEdge | undefined;
  #running: Promise<StoredCheckpoint> | undefined;
  #next: Promise<StoredCheckpoint> | undefined;

  constructor(parts: IntegratorParts) {
    this.#parts = parts;
  }

  /**
   * Integrates every leaf sequenced before the call; one run at a time, and one more for all who ask meanwhile.
   *
   * @throws {EvidenceError} or the store's error
   */
  integrate(): Promise<StoredCheckpoint> {
    if (!this.#running) return (this.#running = this.#run());
    this.#next ??= this.#running.then(
      () => this.#advance(),
      () => this.#advance(),
    );
    return this.#next;
  }

  #advance(): Promise<StoredCheckpoint> {
    this.#next = undefined;
    return (this.#running = this.#run());
  }

  #run(): Promise<StoredCheckpoint> {
    const run = this.#catchUp().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    return run;
  }

  async #catchUp(): Promise<StoredCheckpoint> {
    const { store } = this.#parts;
    try {
      const count = await store.readLeafCount();
      let newest = await store.readLatestCheckpoint();
      while (!newest || newest.size < count) newest = await this.#integrateGroup(newest, count);
      return newest;
    } catch (error) {
      this.#edge = undefined;
      throw error;
    }
  }

  async #integrateGroup(newest: StoredCheckpoint | undefined, count: number): Promise<StoredCheckpoint> {
    const { store, signer, clock } = this.#parts;
    const old = await this.#readEdge(newest);
    const leaves = await store.readLeaves(old.size, Math.min(count, old.size + MAX_GROUP));
    const { edge, tiles } = growTree(old, leaves.map(hashLeaf));
    const root = edgeRoot(edge);
    const note = encodeNote(await signCheckpoint({ origin: signer.verifier.name, size: edge.size, root }, signer));
    const checkpoint: StoredCheckpoint = { size: edge.size, root, signedAt: clock(), note };
    await store.commitTree({ previousSize: newest?.size ?? -1, tiles, checkpoint });
    this.#edge = edge;
    return checkpoint;
  }

  /** The edge of the newest tree, from memory when it still is that one. */
  async #readEdge(newest: StoredCheckpoint | undefined): Promise<TreeEdge> {
    if (!newest) return EMPTY_EDGE;
    if (this.#edge?.size === newest.size) return this.#edge;
    const edge = await readEdge(newest.size, (level, index) => this.#parts.store.readTile(level, index));
    if (!edge || !isSameBytes(edgeRoot(edge), newest.root)) {
      throw new EvidenceError('tree_damaged', 'the stored tiles do not hash to the signed root');
    }
    return edge;
  }
}
