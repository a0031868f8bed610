import type { InstitutionId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { Destination, Load, RelayStore } from '../storage/relay.ts';

/** How much an exchange keeps for others. */
export interface RelayLimits {
  /** What one mailbox, or the queue to one peer, may hold. */
  readonly envelopes: number;
  readonly bytes: number;
  /** What the relay's tables may take on the disk in all. */
  readonly storedBytes: number;
  /** How soon who was turned away may come again: the owner of a full mailbox may be away for days. */
  readonly retrySeconds: number;
}

export const DEFAULT_LIMITS: RelayLimits = {
  envelopes: 20_000,
  bytes: 2 * 1024 ** 3,
  storedBytes: 16 * 1024 ** 3,
  retrySeconds: 30,
};

/** Counting costs a walk through the mailbox: it is done again after this many envelopes, or this long. */
const COUNT_AGAIN_MS = 2000;
const COUNT_AGAIN_ENVELOPES = 256;

/** Refuses what there is no room for, so that its sender keeps it: nothing that was accepted is ever dropped. */
export interface Quota {
  /**
   * Keeps room for an envelope that is about to be stored; to be let go once it is, or will not be.
   *
   * @throws {Problem} `mailbox_full`, `storage_full`, with the time after which to come again
   */
  reserve(to: InstitutionId, destination: Destination, size: number): Promise<() => void>;
}

interface Counted {
  readonly at: number;
  /** What was counted, and what came in since. */
  readonly load: Promise<{ count: number; bytes: number; added: number }>;
}

/** @param now for the age of a count */
export function createQuota(store: RelayStore, limits: RelayLimits, now: () => Date): Quota {
  const counted = new Map<string, Counted>();
  /** What is on its way into the store, which no count sees yet. */
  const arriving = new Map<string, Load>();
  const isFull = ({ count, bytes }: Load, size = 0) => count >= limits.envelopes || bytes + size > limits.bytes;

  const arrive = (key: string, count: number, bytes: number) => {
    const held = arriving.get(key) ?? { count: 0, bytes: 0 };
    const load = { count: held.count + count, bytes: held.bytes + bytes };
    if (load.count === 0) arriving.delete(key);
    else arriving.set(key, load);
  };

  /** Counted once for all who ask at the same time. */
  async function loadOf(key: string, read: () => Promise<Load>) {
    const known = counted.get(key);
    const at = now().getTime();
    if (known && Math.abs(at - known.at) < COUNT_AGAIN_MS) {
      const load = await known.load;
      const isGood = load.added < COUNT_AGAIN_ENVELOPES && !isFull(load);
      if (isGood || counted.get(key) !== known) return load;
    }
    const before = arriving.get(key) ?? { count: 0, bytes: 0 };
    const reading = read().then(({ count, bytes }) => ({
      ...{ count: count + before.count, bytes: bytes + before.bytes, added: 0 },
    }));
    counted.set(key, { at, load: reading });
    return reading;
  }

  return {
    async reserve(to, destination, size) {
      const options = { retryAfterSeconds: limits.retrySeconds };
      const stored = await loadOf('stored', async () => ({ count: 0, bytes: await store.readStoredBytes() }));
      if (stored.bytes + size > limits.storedBytes) throw new Problem('storage_full', 'no room on the disk', options);
      const isMailbox = destination.kind === 'mailbox';
      const key = isMailbox ? `mailbox ${to}` : `peer ${destination.exchange}`;
      const load = await loadOf(key, () =>
        store.readLoad(isMailbox ? { mailbox: to } : { peer: destination.exchange }),
      );
      if (isFull(load, size)) throw new Problem('mailbox_full', 'no room until some of it is fetched', options);
      stored.bytes += size;
      load.bytes += size;
      load.count += 1;
      load.added += 1;
      arrive(key, 1, size);
      return () => arrive(key, -1, -size);
    },
  };
}
