import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import type { RequestMemory } from '../storage/request-memory.ts';

export type { RequestMemory };

/** Requests are accepted this long after and before their signature, hence twice the skew. */
const WINDOW_MS = 2 * REQUEST_SKEW_SECONDS * 1000;

/**
 * The requests of a server that one process answers.
 *
 * In memory on purpose: after a restart a request of the last minutes could be sent again, and every route that changes
 * something is idempotent by an id of its own.
 */
export function createRequestMemory(): RequestMemory & { remember(id: string, now: Date): boolean } {
  // Insertion order is time order: what has to go stands first.
  const seen = new Map<string, number>();
  return {
    remember(id, now) {
      for (const [old, until] of seen) {
        if (until > now.getTime()) break;
        seen.delete(old);
      }
      if (seen.has(id)) return false;
      seen.set(id, now.getTime() + WINDOW_MS);
      return true;
    },
  };
}
