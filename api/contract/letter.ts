import type { EcPublicJwk } from './directory.ts';
import { encodeUtf8 } from './encoding.ts';
import { JoseError, decryptWith, encryptTo, type DecryptionKey } from './jose.ts';
import { PresenceSubmission } from './presence-proof.ts';
import { Problem } from './problem.ts';

/**
 * A submission in a letter: encrypted on the terminal to its gateway (JWE, ECDH-ES + A256GCM), so that a device can keep
 * and hand over what nobody at the device can read, whether somebody is signed in or not.
 */
export const sealLetter = (submission: PresenceSubmission, gateway: EcPublicJwk): Promise<string> =>
  encryptTo(gateway, encodeUtf8(JSON.stringify(submission)));

/** @throws {Problem} `decryption_failed` for another gateway or another key; `presence_malformed` */
export async function openLetter(letter: string, keys: readonly DecryptionKey[]): Promise<PresenceSubmission> {
  let plaintext: Uint8Array;
  try {
    plaintext = await decryptWith(keys, letter);
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('decryption_failed', cause.code, { cause });
  }
  try {
    return PresenceSubmission.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext)));
  } catch (cause) {
    throw new Problem('presence_malformed', 'no submission in the letter', { cause });
  }
}
