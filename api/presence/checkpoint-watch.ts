import { parseSignedCheckpoint, verifyCheckpoint } from '../contract/evidence/checkpoint.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { parseVerifierKey } from '../contract/evidence/verifier-key.ts';
import { delayAfter, pause, type Pace } from '../http/back-off.ts';
import type { CheckpointStore } from '../storage/checkpoints.ts';

export interface CheckpointWatchParts {
  /** Where the exchange publishes its log's newest checkpoint. */
  readonly url: string;
  /** Pinned verifier keys of that log. */
  readonly logKeys: readonly string[];
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly store: CheckpointStore;
  /** Told when the exchange answers again after it did not. */
  readonly onReachable?: () => void;
  /** 0 (inclusive) to 1. */
  readonly random: () => number;
}

/**
 * A gateway's eye on its exchange: fetches the newest checkpoint now and then, so that terminals have one when the
 * network goes, and notices by it whether the exchange can be reached.
 */
export interface CheckpointWatch {
  isReachable(): boolean;
  /** The newest verified checkpoint (signed note), also from before a restart. */
  newest(): Promise<string | null>;
  /** Fetches now; resolves when done, whatever came of it. */
  look(): Promise<void>;
  start(): () => Promise<void>;
}

const TIMEOUT_MS = 3000;
const INTERVAL_MS = 3000;
/** A person may be waiting for the exchange to be back: soon at first, then as often as when all is well. */
const PACE: Pace = { baseMs: 200, capMs: INTERVAL_MS };

export function createCheckpointWatch(parts: CheckpointWatchParts): CheckpointWatch {
  const keys = parts.logKeys.map(parseVerifierKey);
  let isReachable = false;

  async function look(signal?: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let wasRead = false;
    try {
      const answer = await parts.fetch(parts.url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
      const note = await answer.text();
      if (answer.ok) {
        const signed = parseSignedCheckpoint(note);
        await verifyAny(signed);
        await parts.store.save({ size: signed.checkpoint.size, note });
        wasRead = true;
      }
    } catch (error) {
      // An answer that does not verify is nobody's: the exchange is as good as away.
      if (signal?.aborted) return;
      if (!(error instanceof EvidenceError || error instanceof TypeError || error instanceof DOMException)) throw error;
    }
    const isBack = wasRead && !isReachable;
    isReachable = wasRead;
    if (isBack) parts.onReachable?.();
  }

  async function verifyAny(signed: ReturnType<typeof parseSignedCheckpoint>): Promise<void> {
    const key = keys.find(({ name }) => name === signed.checkpoint.origin);
    if (!key) throw new EvidenceError('note_unknown_key', 'no pinned key of this log');
    await verifyCheckpoint(signed, key);
  }

  async function watch(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      await look(signal);
      failures = isReachable ? 0 : failures + 1;
      await pause(failures === 0 ? INTERVAL_MS : delayAfter(failures, PACE, parts.random), signal);
    }
  }

  return {
    isReachable: () => isReachable,
    newest: async () => (await parts.store.read()) ?? null,
    look: () => look(),
    start() {
      const stop = new AbortController();
      const running = watch(stop.signal);
      return async () => {
        stop.abort();
        await running;
      };
    },
  };
}
