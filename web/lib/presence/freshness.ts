import { parseSignedCheckpoint } from '#api/contract/evidence/checkpoint.ts';
import { encodeBase64 } from '#api/contract/encoding.ts';
import type { Challenge, ChallengeRequest } from '#api/contract/challenge.ts';
import type { Freshness, Purpose } from '#api/contract/presence-proof.ts';
import { Problem, type ProblemCode } from '#api/contract/problem.ts';
import { isUnreachable } from '#lib/api/api-error.ts';

/** The exchange did not answer, which is what checkpoints are for. */
const UNANSWERED: ReadonlySet<ProblemCode> = new Set(['exchange_unreachable', 'unavailable', 'internal']);

interface Dependencies {
  readonly fetchChallenge: (request: ChallengeRequest) => Promise<Challenge>;
  /** The newest checkpoint this device holds (signed note). */
  readonly checkpoint: () => string | null;
}

/**
 * Ties a proof to a time: by a challenge of the exchange when it answers, else by the newest checkpoint known here.
 *
 * @throws {Problem} what the exchange refused; `presence_checkpoint_unknown` offline without any checkpoint
 */
export async function findFreshness(
  request: { readonly terminal: string; readonly purpose: Purpose },
  { fetchChallenge, checkpoint }: Dependencies,
): Promise<Freshness> {
  try {
    return { kind: 'challenge', challenge: (await fetchChallenge(request)).challenge };
  } catch (error) {
    const isUnanswered = isUnreachable(error) || (error instanceof Problem && UNANSWERED.has(error.code));
    if (!isUnanswered) throw error;
    return fromCheckpoint(checkpoint());
  }
}

function fromCheckpoint(note: string | null): Freshness {
  if (note === null) throw new Problem('presence_checkpoint_unknown', 'this device never held a checkpoint');
  const { origin, size, root } = parseSignedCheckpoint(note).checkpoint;
  return { kind: 'checkpoint', origin, size, root: encodeBase64(root) };
}
