/** A signed access event on its way to the exchange, whose evidence log will hold a commitment to it. */
export interface QueuedAccessEvent {
  readonly id: string;
  /** Access event, compact JWS. */
  readonly jws: string;
}

export interface KeptAccessEvent extends QueuedAccessEvent {
  /** When the exchange took it; null while it has not. */
  readonly takenAt: Date | null;
}

/**
 * The access events of a gateway. They are queued in the commit that stores what they are about (`queueEvents` of the
 * driver), sent until the exchange has them, and kept.
 */
export interface AccessOutbox {
  /** What the exchange has not taken yet, oldest first. */
  readUntaken(count: number): Promise<readonly QueuedAccessEvent[]>;
  noteTaken(ids: readonly string[], at: Date): Promise<void>;
  /** All of them, newest first. */
  list(): Promise<readonly KeptAccessEvent[]>;
  find(ids: readonly string[]): Promise<ReadonlyMap<string, KeptAccessEvent>>;
}
