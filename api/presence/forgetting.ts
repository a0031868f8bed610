import { pause } from '../http/back-off.ts';
import type { PresenceStore } from '../storage/presence.ts';
import { LATE_ARRIVAL_MS } from './freshness.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Longer than a quiet log stays without a new checkpoint: until then a proof that quotes its newest is acceptable. */
const REMEMBER_USES_MS = 400 * 24 * HOUR_MS;

/** Forgets challenges that no proof can answer any more, and used proofs long after, until the signal is aborted. */
export async function keepForgetting(
  store: PresenceStore,
  {
    now,
    signal,
    report,
  }: { readonly now: () => Date; readonly signal: AbortSignal; readonly report: (failure: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    const time = now().getTime();
    const challenges = new Date(time - 2 * LATE_ARRIVAL_MS);
    await store.forget({ challenges, uses: new Date(time - REMEMBER_USES_MS) }).catch(report);
    await pause(HOUR_MS, signal);
  }
}
