import { randomBytes } from 'node:crypto';
import { encodeBase64Url } from '../contract/encoding.ts';
import type { Challenge, ChallengeRequest } from '../contract/challenge.ts';
import type { InstitutionId } from '../contract/ids.ts';
import type { PresenceStore } from '../storage/presence.ts';

/** How long a challenge keeps a tap fresh: a person has to find their card and lay it down. */
export const CHALLENGE_SECONDS = 90;

/** V1: gives out a challenge, single use, for one institution, terminal and purpose. */
export async function issueChallenge(
  request: ChallengeRequest & { readonly institution: InstitutionId },
  store: PresenceStore,
  now: Date,
): Promise<Challenge> {
  const challenge = encodeBase64Url(randomBytes(32));
  const expires = new Date(now.getTime() + CHALLENGE_SECONDS * 1000);
  const { institution, terminal, purpose } = request;
  await store.saveChallenge({ challenge, institution, terminal, purpose, issuedAt: now, expires });
  return { challenge, expires: expires.toISOString() };
}
