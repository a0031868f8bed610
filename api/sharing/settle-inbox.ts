import { Problem } from '../contract/problem.ts';
import { pause } from '../http/back-off.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { checkAgain } from './check-again.ts';
import type { SharingParts } from './parts.ts';
import { refuseEntry } from './refusal.ts';
import { releaseRecords } from './release.ts';
import { readRequest } from './request-statement.ts';

/** How often open requests are looked at again: a withdrawn consent is noticed within this time. */
const LOOK_EVERY_MS = 15_000;

/** Releases an open request that the policy lets go by itself. What stands in the way is for the next look. */
export async function releaseByPolicy(parts: SharingParts, entry: InboxEntry): Promise<void> {
  if (entry.state !== 'open' || entry.decision?.effect !== 'release') return;
  try {
    await releaseRecords(parts, entry.id, 'policy');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/**
 * Looks at one open request again: one whose consent was withdrawn meanwhile, or that failed for good otherwise, is refused;
 * one that could not be checked when it came and now can be is given what the policy says.
 */
export async function settleRequest(parts: SharingParts, entry: InboxEntry): Promise<void> {
  const { problem, decision } = await checkAgain(parts, entry, readRequest(entry.request));
  const looked = { ...entry, decision };
  const isNewlyDecided = entry.decision === null && decision !== null;
  if (problem && problem.status < 500) await refuseEntry(parts, looked, { reason: problem.code, by: 'policy' });
  else if (isNewlyDecided && decision.effect === 'refuse') {
    await refuseEntry(parts, looked, { reason: 'policy_refused', by: 'policy' });
  } else if (!problem) await releaseByPolicy(parts, looked);
}

/** Looks at all open requests, again and again until the signal is aborted. */
export async function keepSettling(
  parts: SharingParts,
  {
    signal,
    report,
    lookEveryMs = LOOK_EVERY_MS,
  }: {
    readonly signal: AbortSignal;
    readonly report: (failure: unknown) => void;
    readonly lookEveryMs?: number;
  },
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const entry of await parts.store.listOpen()) {
        if (!signal.aborted) await settleRequest(parts, entry);
      }
    } catch (failure) {
      // Somebody answered it meanwhile, or the exchange or the disk was away: the next look is soon.
      if (!signal.aborted && !(failure instanceof Problem)) report(failure);
    }
    await pause(lookEveryMs, signal);
  }
}
