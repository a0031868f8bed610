import { CompactEncrypt, importJWK } from 'jose';
import type { EcPublicJwk } from './ec-public-jwk.ts';
import { encodeUtf8 } from './encoding.ts';
import { thumbprint } from './jose.ts';
import type { PresenceSubmission } from './presence-proof.ts';

/**
 * A submission in a letter: encrypted on the terminal to its gateway (JWE, ECDH-ES + A256GCM), so that a device can keep
 * and hand over what nobody at the device can read, whether somebody is signed in or not.
 *
 * On its own, because terminals load it with their first visit and not before.
 */
export async function sealLetter(submission: PresenceSubmission, gateway: EcPublicJwk): Promise<string> {
  return new CompactEncrypt(encodeUtf8(JSON.stringify(submission)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: await thumbprint(gateway) })
    .encrypt(await importJWK(gateway, 'ECDH-ES'));
}
