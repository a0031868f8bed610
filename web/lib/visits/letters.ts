import type { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';

/**
 * A letter to the gateway, as soon as its key was ever heard. `undefined` when the key is not known yet, or this page came
 * without the part that writes letters: then the device's own key has to do until it has both.
 */
export async function writeLetter(
  submission: PresenceSubmission,
  key: EcPublicJwk | undefined,
): Promise<string | undefined> {
  if (!key) return undefined;
  const writer = await import('#api/contract/letter.ts').catch(() => undefined);
  return writer?.sealLetter(submission, key);
}
