/** A checkpoint as it was signed and made durable. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly signedAt: Date;
  /** The whole note: the log's signature, then the cosignatures received so far. */
  readonly note: string;
}

/** The stored run of hashes of one tile (C2SP tlog-tiles): 32 to 8192 bytes; it only ever grows at its end. */
export interface StoredTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** Everything that changes when leaves are integrated: stored together or not at all. */
export interface TreeUpdate {
  /** Size of the tree this update grew from; -1 for the very first checkpoint. */
  readonly previousSize: number;
  readonly tiles: readonly StoredTile[];
  readonly checkpoint: StoredCheckpoint;
}

/** A time-stamp token over the checkpoint of this size. */
export interface StoredTimestamp {
  readonly size: number;
  readonly authority: string;
  readonly kind: 'rfc3161' | 'simulated';
  readonly token: Uint8Array;
  readonly time: Date;
}

/**
 * What the evidence log keeps. Leaves are sequenced elsewhere, inside the transaction that stores what they commit to;
 * here they are read, and the tree over them is grown.
 *
 * A rejected write may have happened all the same: callers read the state again before they go on.
 */
export interface EvidenceStore {
  /** Leaves sequenced so far, integrated or not: indices 0 to count - 1, without gaps. */
  readLeafCount(): Promise<number>;
  /** Leaf data `begin` to `end` (exclusive), in order; shorter when the log is. */
  readLeaves(begin: number, end: number): Promise<readonly Uint8Array[]>;
  readTile(level: number, index: number): Promise<Uint8Array | undefined>;
  readLatestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  readCheckpoint(size: number): Promise<StoredCheckpoint | undefined>;
  /**
   * Stores the update durably in one step, if the newest checkpoint still is the one of `previousSize`.
   *
   * @throws {EvidenceError} `tree_moved` otherwise: another process integrated meanwhile
   */
  commitTree(update: TreeUpdate): Promise<void>;
  /** Durably adds a witness's signature line, with its newline, to a stored checkpoint; a later one replaces it. */
  addCosignature(size: number, witness: string, line: string): Promise<void>;
  /** The newest checkpoint with at least `count` cosignatures. */
  readLatestCosigned(count: number): Promise<StoredCheckpoint | undefined>;
  /** The oldest checkpoint larger than `size`. */
  readFirstCheckpointAfter(size: number): Promise<StoredCheckpoint | undefined>;
  addTimestamp(timestamp: StoredTimestamp): Promise<void>;
  readLatestTimestamp(): Promise<StoredTimestamp | undefined>;
  /**
   * The oldest token over the first `size` leaves whose checkpoint has at least that many cosignatures: the earliest proof
   * that they existed. None is asked for when `cosignatures` is left out.
   */
  readTimestampCovering(size: number, cosignatures?: number): Promise<StoredTimestamp | undefined>;
}
