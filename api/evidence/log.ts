import { encodeBase64 } from '../contract/encoding.ts';
import { signCoseRoot, type CoseReceipt } from '../contract/evidence/cose-receipt.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { consistencyRanges, inclusionRanges } from '../contract/evidence/merkle-proof.ts';
import type { NoteSigner } from '../contract/evidence/note-signer.ts';
import { rangeProofRanges } from '../contract/evidence/range-proof.ts';
import { parseSignatureLines } from '../contract/evidence/signed-note.ts';
import { encodeEntries, tileWidth, TILE_WIDTH, type TilePath } from '../contract/evidence/tiles.ts';
import { composeTlogProof } from '../contract/evidence/tlog-proof.ts';
import { HASH_SIZE } from '../contract/evidence/tree-hash.ts';
import { encodeVerifierKey } from '../contract/evidence/verifier-key.ts';
import type { EvidenceStore, StoredCheckpoint } from '../storage/evidence.ts';
import { Integrator } from './integrator.ts';
import { TreeReader } from '../contract/evidence/tree-reader.ts';
import { startLoop, type LoopOptions } from './loop.ts';
import { createSharedRead } from './shared-read.ts';
import { Waiters } from './waiters.ts';

export interface EvidenceLogParts {
  readonly store: EvidenceStore;
  readonly signer: NoteSigner;
  /** Name of the log in every checkpoint; the signer's key has the same name. */
  readonly origin: string;
  readonly clock: () => Date;
  /** Cosignatures a proof should carry: proofs use the newest checkpoint that has them and covers the leaf. */
  readonly threshold?: number;
}

/** A range proof, the checkpoint note it leads to, and the time-stamp token over that where there is one. */
export interface RangeEvidence {
  readonly note: string;
  readonly proof: readonly Uint8Array[];
  readonly timestamp?: Uint8Array;
}

/** An inclusion proof as `c2sp.org/tlog-proof@v1`, and the RFC 3161 token over its checkpoint where there is one. */
export interface LeafEvidence {
  readonly proof: string;
  readonly timestamp?: Uint8Array;
}

/** What a COSE receipt holds of the log. */
export type CoseEvidence = Omit<CoseReceipt, 'record' | 'salt' | 'origin'>;

/** One exchange's evidence log. Leaves are appended beside the records (`appendLeaf`); everything else is here. */
export interface EvidenceLog {
  readonly origin: string;
  /** Verifier key text, for those who pin this log. */
  readonly verifierKey: string;
  /** Integrates every leaf sequenced so far. Safe to call at any time, from anywhere. */
  integrate(): Promise<StoredCheckpoint>;
  /** Integrates by itself, within `intervalMs`; returns what stops it and awaits the last run. */
  start(options?: LoopOptions): () => Promise<void>;
  /** Resolves once the leaf is under a durable checkpoint. Somebody must integrate: the loop, or a caller. */
  waitFor(index: number, signal?: AbortSignal): Promise<void>;
  latestCheckpoint(): Promise<StoredCheckpoint>;
  /** The checkpoint once signed for exactly this size. */
  checkpointAt(size: number): Promise<StoredCheckpoint | undefined>;
  /**
   * Whether we signed this checkpoint, and when: a terminal that quotes it was switched on after that. `root` is
   * base64, as in the checkpoint.
   */
  isKnownCheckpoint(quoted: {
    readonly origin: string;
    readonly size: number;
    readonly root: string;
  }): Promise<{ readonly signedAt: Date } | undefined>;
  /** Shows that the tree of `oldSize` leaves is a prefix of the tree of `size` leaves. @throws {EvidenceError} */
  consistencyProof(oldSize: number, size: number): Promise<readonly Uint8Array[]>;
  /**
   * Shows that these leaves stand from `begin` to `end` under the checkpoint that comes with it, a time-stamped one
   * where there is one.
   *
   * @throws {EvidenceError} `leaf_not_integrated`, `tree_damaged`
   */
  rangeProof(begin: number, end: number): Promise<RangeEvidence>;
  /** Keeps a witness's verified signature line with the checkpoint of this size. */
  addCosignature(size: number, line: string): Promise<void>;
  /**
   * Inclusion proof under the newest checkpoint that `threshold` witnesses cosigned, or where that does not cover the
   * leaf yet, under the newest of all; as `c2sp.org/tlog-proof@v1` text.
   *
   * @throws {EvidenceError} `leaf_not_integrated`, `tree_damaged`
   */
  proofFor(index: number): Promise<string>;
  /**
   * The same for many leaves in one go, in the order asked for; what they share is read once.
   *
   * @throws {EvidenceError} `leaf_not_integrated`, `tree_damaged`
   */
  proofsFor(indices: readonly number[]): Promise<readonly string[]>;
  /**
   * What a receipt holds of the log: an inclusion proof under the oldest checkpoint that is both cosigned and stamped by
   * somebody else's clock, with the token; while there is none, `proofFor`.
   *
   * @throws {EvidenceError} `leaf_not_integrated`, `tree_damaged`
   */
  evidenceFor(index: number): Promise<LeafEvidence>;
  /**
   * The same as a COSE receipt's parts (RFC 9942): the root signed once more, in COSE's way.
   *
   * @throws {EvidenceError} `leaf_not_integrated`, `tree_damaged`
   */
  coseEvidenceFor(index: number): Promise<CoseEvidence>;
  /** The bytes of a tile or entry bundle, `undefined` when no signed tree has it. */
  readTile(path: TilePath): Promise<Uint8Array | undefined>;
}

/** Opens the log over its store; a store without a checkpoint gets one for what it holds. */
export async function createEvidenceLog({
  store,
  signer,
  origin,
  clock,
  threshold = 0,
}: EvidenceLogParts): Promise<EvidenceLog> {
  if (signer.verifier.name !== origin) throw new TypeError('the log key is named after its origin');
  const integrator = new Integrator({ store, signer, clock });
  const reader = new TreeReader((level, index) => store.readTile(level, index));
  const waiters = new Waiters();
  let wake = (): void => {};

  /** Leaves known to be under a durable checkpoint; another process may have integrated more. */
  let knownSize = 0;
  const readLatest = createSharedRead(() => store.readLatestCheckpoint());
  const readCosigned = createSharedRead(() => store.readLatestCosigned(threshold));
  const readStamp = createSharedRead(() => store.readLatestTimestamp());

  const latestCheckpoint = async (): Promise<StoredCheckpoint> => {
    const newest = await readLatest();
    if (!newest) throw new EvidenceError('tree_damaged', 'the first checkpoint is gone');
    return newest;
  };
  /** The newest checkpoint with enough cosignatures that covers the first `size` leaves, or else the newest of all. */
  const checkpointOver = async (size: number): Promise<StoredCheckpoint> => {
    const cosigned = threshold > 0 ? await readCosigned() : undefined;
    const chosen = cosigned && cosigned.size >= size ? cosigned : await latestCheckpoint();
    if (chosen.size < size) throw new EvidenceError('leaf_not_integrated', `the tree has ${chosen.size} leaves`);
    return chosen;
  };
  /** The oldest checkpoint over the first `size` leaves with a token: the earliest proof that they existed. */
  const stampedOver = async (size: number) => {
    const newest = await readStamp();
    if (!newest || newest.size < size) return undefined;
    const stamp = await store.readTimestampCovering(size, threshold);
    const checkpoint = stamp?.kind === 'rfc3161' ? await store.readCheckpoint(stamp.size) : undefined;
    return stamp && checkpoint ? { checkpoint, token: stamp.token } : undefined;
  };
  const prove = async (index: number, { size, note }: StoredCheckpoint): Promise<string> => {
    const hashes = await reader.hashRanges(inclusionRanges(index, size));
    return composeTlogProof({ index, hashes, note });
  };
  const integrate = async (): Promise<StoredCheckpoint> => {
    const checkpoint = await integrator.integrate();
    knownSize = Math.max(knownSize, checkpoint.size);
    readLatest.forget();
    waiters.settle(checkpoint.size);
    return checkpoint;
  };
  await integrate();

  return {
    origin,
    verifierKey: encodeVerifierKey(signer.verifier),
    integrate,
    latestCheckpoint,
    start(options = {}) {
      const loop = startLoop(integrate, options);
      wake = loop.wake;
      return loop.stop;
    },
    waitFor(index, signal) {
      if (index < knownSize) return Promise.resolve();
      const waiting = waiters.add(index, signal);
      // Registered first, looked up second: an integration in between is seen by one of the two.
      void latestCheckpoint().then(
        ({ size }) => (size > index ? waiters.settle(size) : wake()),
        () => wake(),
      );
      return waiting;
    },
    checkpointAt: (size) => store.readCheckpoint(size),
    async isKnownCheckpoint(quoted) {
      if (quoted.origin !== origin) return undefined;
      const signed = await store.readCheckpoint(quoted.size);
      return signed && encodeBase64(signed.root) === quoted.root ? { signedAt: signed.signedAt } : undefined;
    },
    async consistencyProof(oldSize, size) {
      if (size > (await latestCheckpoint()).size) throw new EvidenceError('leaf_not_integrated', `no tree of ${size}`);
      return reader.hashRanges(consistencyRanges(oldSize, size));
    },
    async rangeProof(begin, end) {
      const stamped = await stampedOver(end);
      const { size, note } = stamped?.checkpoint ?? (await checkpointOver(end));
      const proof = await reader.hashRanges(rangeProofRanges({ begin, end }, size));
      return { note, proof, ...(stamped ? { timestamp: stamped.token } : {}) };
    },
    async addCosignature(size, line) {
      const witness = parseSignatureLines(line).map(({ name }) => name);
      if (witness.length !== 1 || !witness[0]) throw new TypeError('one signature line at a time');
      await store.addCosignature(size, witness[0], line);
      readLatest.forget();
      readCosigned.forget();
    },
    async proofFor(index) {
      return prove(index, await checkpointOver(index + 1));
    },
    async proofsFor(indices) {
      // One checkpoint for as many as it covers, the newest for the few that are newer.
      const [oldest, newest] = await Promise.all([checkpointOver(0), checkpointOver(Math.max(-1, ...indices) + 1)]);
      const chosen = indices.map((index) => ({ index, checkpoint: index < oldest.size ? oldest : newest }));
      const paths = chosen.map(({ index, checkpoint }) => inclusionRanges(index, checkpoint.size));
      const hashes = await reader.hashRanges(paths.flat());
      let used = 0;
      return chosen.map(({ index, checkpoint: { note } }, at) => {
        const begin = used;
        used += paths[at]?.length ?? 0;
        return composeTlogProof({ index, hashes: hashes.slice(begin, used), note });
      });
    },
    async evidenceFor(index) {
      const stamped = await stampedOver(index + 1);
      const proof = await prove(index, stamped?.checkpoint ?? (await checkpointOver(index + 1)));
      return { proof, ...(stamped ? { timestamp: stamped.token } : {}) };
    },
    async coseEvidenceFor(index) {
      const stamped = await stampedOver(index + 1);
      const { size, root, note } = stamped?.checkpoint ?? (await checkpointOver(index + 1));
      const hashes = await reader.hashRanges(inclusionRanges(index, size));
      const signed = await signCoseRoot(root, signer);
      return { ...signed, index, size, hashes, checkpoint: note, ...(stamped ? { timestamp: stamped.token } : {}) };
    },
    async readTile({ kind, level, index, width }) {
      if (width > tileWidth(level, index, (await latestCheckpoint()).size)) return undefined;
      if (kind === 'entries') {
        return encodeEntries(await store.readLeaves(index * TILE_WIDTH, index * TILE_WIDTH + width));
      }
      return (await store.readTile(level, index))?.subarray(0, width * HASH_SIZE);
    },
  };
}
