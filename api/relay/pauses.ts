import { delayAfter, pause, SERVER_PACE, type Pace } from '../http/back-off.ts';

/** Destinations that shall be left alone for a while, each by itself, so that one that is full holds up no other. */
export interface Pauses {
  /** It could not be handed anything now; the pause grows with every failure in a row. */
  fail(key: string, retryAfterSeconds?: number): void;
  /** It took something. */
  succeed(key: string): void;
  closed(): readonly string[];
}

/** @param wake called whenever a pause ends */
export function createPauses(
  {
    signal,
    random,
    pace = SERVER_PACE,
  }: { readonly signal: AbortSignal; readonly random: () => number; readonly pace?: Pace | undefined },
  wake: () => void,
): Pauses {
  const failures = new Map<string, number>();
  const resting = new Set<string>();
  return {
    fail(key, retryAfterSeconds = 0) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      if (resting.has(key)) return;
      resting.add(key);
      const delay = Math.max(delayAfter(count, pace, random), retryAfterSeconds * 1000);
      void pause(delay, signal).then(() => {
        resting.delete(key);
        wake();
      });
    },
    succeed: (key) => void failures.delete(key),
    closed: () => [...resting],
  };
}
