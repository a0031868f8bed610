import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { Destination, Load, RelayStore } from '../storage/relay.ts';

/** How much an exchange keeps for others. */
export interface RelayLimits {
  /** What one mailbox, or the queue to one peer, may hold. */
  readonly envelopes: number;
  readonly bytes: number;
  /** What the relay's tables may take on the disk in all. */
  readonly storedBytes: number;
}

export const DEFAULT_LIMITS: RelayLimits = {
  envelopes: 20_000,
  bytes: 2 * 1024 ** 3,
  storedBytes: 16 * 1024 ** 3,
};

/** How soon a full mailbox may be tried again: its owner may be away for days. */
const MAILBOX_RETRY_SECONDS = 30;
const STORAGE_RETRY_SECONDS = 60;
/** Counting costs a walk through the mailbox: it is done again after this many envelopes, or this long. */
const COUNT_AGAIN_MS = 2000;
const COUNT_AGAIN_ENVELOPES = 256;

/** Refuses what there is no room for, so that its sender keeps it: nothing that was accepted is ever dropped. */
export interface Quota {
  /** @throws {Problem} `mailbox_full`, `storage_full`, with the time after which to come again */
  require(to: InstitutionId, destination: Destination, size: number): Promise<void>;
}

interface Counted {
  readonly load: Load;
  readonly at: number;
  readonly added: number;
}

/** @param now in milliseconds, for the age of a count */
export function createQuota(store: RelayStore, limits: RelayLimits, now: () => Date): Quota {
  const counts = new Map<InstitutionId | ExchangeId, Counted>();
  let stored: { readonly bytes: number; readonly at: number } | undefined;

  async function count(key: string, destination: Parameters<RelayStore['readLoad']>[0]): Promise<Counted> {
    const known = counts.get(key);
    const at = now().getTime();
    const isFresh = known && Math.abs(at - known.at) < COUNT_AGAIN_MS && known.added < COUNT_AGAIN_ENVELOPES;
    if (isFresh && !isFull(known.load)) return known;
    const counted = { load: await store.readLoad(destination), at, added: 0 };
    counts.set(key, counted);
    return counted;
  }

  const isFull = ({ count: held, bytes }: Load, size = 0) => held >= limits.envelopes || bytes + size > limits.bytes;

  return {
    async require(to, destination, size) {
      const isMailbox = destination.kind === 'mailbox';
      const key = isMailbox ? to : destination.exchange;
      const known = await count(key, isMailbox ? { mailbox: to } : { peer: destination.exchange });
      const options = { retryAfterSeconds: MAILBOX_RETRY_SECONDS };
      if (isFull(known.load, size)) throw new Problem('mailbox_full', 'no room until some of it is fetched', options);
      const { load, at, added } = counts.get(key) ?? known;
      counts.set(key, { load: { count: load.count + 1, bytes: load.bytes + size }, at, added: added + 1 });

      const time = now().getTime();
      if (!stored || Math.abs(time - stored.at) >= COUNT_AGAIN_MS)
        stored = { bytes: await store.readStoredBytes(), at: time };
      stored = { ...stored, bytes: stored.bytes + size };
      if (stored.bytes > limits.storedBytes) {
        throw new Problem('storage_full', 'no room on the disk', { retryAfterSeconds: STORAGE_RETRY_SECONDS });
      }
    },
  };
}
