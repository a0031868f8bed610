import { checkpointDigest } from '../contract/evidence/check-timestamp.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { parseNote } from '../contract/evidence/signed-note.ts';
import type { EvidenceStore, StoredTimestamp } from '../storage/evidence.ts';
import { startLoop, type LoopOptions } from './loop.ts';
import type { TimeStampAuthority } from './time-stamp-authority.ts';

/** How long to go on while no authority answers: X-Road's `acceptable-timestamp-failure-period`. */
export const DEFAULT_GRACE_MS = 4 * 60 * 60 * 1000;

export interface TimeStampingParts {
  readonly store: EvidenceStore;
  /** Asked in order until one answers. */
  readonly authorities: readonly TimeStampAuthority[];
  readonly clock: () => Date;
  readonly graceMs?: number;
  /** Cosignatures that a checkpoint should have before it is stamped; where none has, the newest is stamped all the same. */
  readonly threshold?: number;
}

/** Where time-stamping stands. */
export interface TimeStampingStatus {
  readonly newest: StoredTimestamp | undefined;
  /** How long leaves have been waiting for a token; 0 when every leaf is under one. */
  readonly waitingMs: number;
  /** Waiting longer than the grace period: an exchange that promises time must now stop accepting visits. */
  readonly isOverdue: boolean;
}

/**
 * Has the newest checkpoint stamped, once a round and only when the tree grew: the authorities' load does not depend on
 * the number of visits, and one token covers every leaf below.
 */
export function createTimeStamping({
  store,
  authorities,
  clock,
  graceMs = DEFAULT_GRACE_MS,
  threshold = 0,
}: TimeStampingParts) {
  /** The newest checkpoint that witnesses vouch for, once it is newer than the newest token's; or else the newest. */
  const chooseCheckpoint = async (newest: StoredTimestamp | undefined) => {
    const cosigned = threshold > 0 ? await store.readLatestCosigned(threshold) : undefined;
    return cosigned && cosigned.size > (newest?.size ?? -1) ? cosigned : store.readLatestCheckpoint();
  };

  const stampOnce = async (): Promise<StoredTimestamp | undefined> => {
    const newest = await store.readLatestTimestamp();
    const checkpoint = await chooseCheckpoint(newest);
    if (!checkpoint || (newest && newest.size >= checkpoint.size)) return newest;
    const failures: unknown[] = [];
    for (const authority of authorities) {
      try {
        const { kind, token, time } = await authority.stamp(checkpointDigest(parseNote(checkpoint.note).text));
        const stored: StoredTimestamp = { size: checkpoint.size, authority: authority.name, kind, token, time };
        await store.addTimestamp(stored);
        return stored;
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw error;
        failures.push(error);
      }
    }
    const cause = new AggregateError(failures);
    throw new EvidenceError('timestamp_unavailable', `none of ${authorities.length} authorities`, { cause });
  };

  return {
    /** One round. @throws {EvidenceError} `timestamp_unavailable` when every authority failed */
    stampOnce,
    async status(): Promise<TimeStampingStatus> {
      const newest = await store.readLatestTimestamp();
      const first = await store.readFirstCheckpointAfter(newest?.size ?? -1);
      const waitingMs = first ? Math.max(0, clock().getTime() - first.signedAt.getTime()) : 0;
      return { newest, waitingMs, isOverdue: waitingMs > graceMs };
    },
    /** Rounds by itself, now and every minute unless told otherwise; returns what stops it. */
    start({ intervalMs = 60_000, onFailure }: Pick<LoopOptions, 'intervalMs' | 'onFailure'> = {}): () => Promise<void> {
      const loop = startLoop(stampOnce, { intervalMs, ...(onFailure ? { onFailure } : {}) });
      loop.wake();
      return loop.stop;
    },
  };
}
