import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { PasskeyAssertion, PasskeyAttestation } from '../contract/passkey.ts';
import { Problem } from '../contract/problem.ts';
import type { PasskeyRecord } from '../storage/staff.ts';

/** ES256, EdDSA, RS256 (RFC 9053 §2, RFC 8812 §2): what platforms make. */
export const PASSKEY_ALGORITHMS = [-7, -8, -257] as const;

export interface PasskeyExpectation {
  readonly challenge: string;
  /** The gateway's origin; its host name is the RP id. */
  readonly origin: string;
}

export const rpIdOf = (origin: string): string => new URL(origin).hostname;

/**
 * Verifies a sign-in (WebAuthn Level 3 §7.2), with the holder verified. Answers the passkey's new counter.
 *
 * @throws {Problem} `passkey_invalid`
 */
export async function checkAssertion(
  assertion: PasskeyAssertion,
  passkey: PasskeyRecord,
  { challenge, origin }: PasskeyExpectation,
): Promise<number> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...assertion, response: withoutUndefined(assertion.response) },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpIdOf(origin),
      credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: passkey.counter },
      requireUserVerification: true,
    });
    if (verified) return authenticationInfo.newCounter;
  } catch (cause) {
    throw new Problem('passkey_invalid', 'the assertion was refused', { cause });
  }
  throw new Problem('passkey_invalid', 'the signature does not fit');
}

/**
 * Verifies a new passkey (§7.1), with the holder verified; whose make it is is not asked.
 *
 * @throws {Problem} `passkey_invalid`
 */
export async function checkAttestation(
  attestation: PasskeyAttestation,
  { challenge, origin }: PasskeyExpectation,
): Promise<Pick<PasskeyRecord, 'credentialId' | 'publicKey' | 'counter'>> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...attestation,
        response: {
          clientDataJSON: attestation.response.clientDataJSON,
          attestationObject: attestation.response.attestationObject,
        },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpIdOf(origin),
      requireUserVerification: true,
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    });
    if (verified) {
      const { id, publicKey, counter } = registrationInfo.credential;
      return { credentialId: id, publicKey: new Uint8Array(publicKey), counter };
    }
  } catch (cause) {
    throw new Problem('passkey_invalid', 'the passkey was refused', { cause });
  }
  throw new Problem('passkey_invalid', 'the passkey does not fit');
}

function withoutUndefined({ userHandle, ...rest }: PasskeyAssertion['response']) {
  return userHandle === undefined ? rest : { ...rest, userHandle };
}
