import type { PresenceClaims, Purpose } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import type { IssuedChallenge } from '../storage/presence.ts';

/** Largest difference between a terminal's clock and ours. */
export const PRESENCE_SKEW_MS = 5 * 60 * 1000;

/** How long after it a tap may still arrive: days without a network, and not more. */
export const LATE_ARRIVAL_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * Purposes whose proof may arrive late or have been made offline. A consent opens a person's history and a payment moves
 * money: for these only a tap that answers a living challenge counts.
 */
const MAY_ARRIVE_LATE: ReadonlySet<Purpose> = new Set<Purpose>(['visit']);

/** What this exchange knows of the checkpoint that a proof quotes. */
export interface KnownCheckpoint {
  readonly signedAt: Date;
  /** Nothing was signed after it: a quiet log's checkpoint does not age. */
  readonly isNewest: boolean;
}

/**
 * Checks the challenge that a proof answers; returns when it was given out, which the tap cannot precede.
 *
 * @throws {Problem} `presence_challenge_unknown`, `presence_challenge_expired`, `presence_stale`, `clock_skew`
 */
export function checkChallenge(claims: PresenceClaims, issued: IssuedChallenge | undefined, now: Date): Date {
  const isOurs =
    issued?.institution === claims.actorId && issued.terminal === claims.iss && issued.purpose === claims.purpose;
  if (!issued || !isOurs) throw new Problem('presence_challenge_unknown', 'not given out for this tap');
  requireClock(claims, issued.issuedAt, new Date(Math.min(issued.expires.getTime(), now.getTime())));
  if (now <= issued.expires) return issued.issuedAt;
  // Whoever kept the proof while we could not be reached holds what an offline proof is: it is not before the challenge.
  if (!MAY_ARRIVE_LATE.has(claims.purpose))
    throw new Problem('presence_challenge_expired', 'too late for this purpose');
  if (now.getTime() - issued.issuedAt.getTime() > LATE_ARRIVAL_MS) throw new Problem('presence_stale', 'too long ago');
  return issued.issuedAt;
}

/**
 * Checks the checkpoint that an offline proof quotes; returns when it was signed, which the tap cannot precede.
 *
 * @throws {Problem} `presence_checkpoint_unknown`, `presence_stale`, `clock_skew`
 */
export function checkCheckpoint(claims: PresenceClaims, known: KnownCheckpoint | undefined, now: Date): Date {
  if (!MAY_ARRIVE_LATE.has(claims.purpose)) throw new Problem('presence_stale', 'this purpose needs a challenge');
  if (!known) throw new Problem('presence_checkpoint_unknown', 'not signed by this log');
  const isOld = now.getTime() - known.signedAt.getTime() > LATE_ARRIVAL_MS;
  if (isOld && !known.isNewest) throw new Problem('presence_stale', 'the checkpoint is too old');
  requireClock(claims, known.signedAt, now);
  return known.signedAt;
}

function requireClock({ iat }: PresenceClaims, earliest: Date, latest: Date): void {
  const presentedAt = iat * 1000;
  if (presentedAt < earliest.getTime() - PRESENCE_SKEW_MS || presentedAt > latest.getTime() + PRESENCE_SKEW_MS) {
    throw new Problem('clock_skew', "the terminal's clock is wrong");
  }
}
