import { JoseError, decryptWith, type DecryptionKey } from './jose.ts';
import { PresenceSubmission } from './presence-proof.ts';
import { Problem } from './problem.ts';

/**
 * Reads a terminal's letter (`letter.ts`).
 *
 * @throws {Problem} `decryption_failed` for another gateway or another key; `presence_malformed`
 */
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
