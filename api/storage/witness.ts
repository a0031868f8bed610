/** The newest state a witness vouched for, per log. */
export interface SeenCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** A checkpoint its log signed that was not shown to extend what the witness had seen: to be looked at, and kept. */
export interface Misbehaviour {
  readonly origin: string;
  readonly seenNote: string;
  readonly offeredNote: string;
  readonly noticedAt: Date;
}

/** What a witness remembers. */
export interface WitnessStore {
  readSeen(origin: string): Promise<SeenCheckpoint | undefined>;
  /**
   * Durably moves on from `previousSize` (0 for a log never seen). False when it was not there any more: another
   * request came first, and a cosignature now would roll it back.
   */
  advance(previousSize: number, seen: SeenCheckpoint): Promise<boolean>;
  recordMisbehaviour(found: Misbehaviour): Promise<void>;
  readMisbehaviour(origin: string): Promise<readonly Misbehaviour[]>;
}
