import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, parseBase64Url } from '#api/contract/encoding.ts';
import { createId } from '#api/contract/ids.ts';
import { PasskeyAssertion, PasskeyAttestation } from '#api/contract/passkey.ts';
import {
  attestPasskey,
  createSoftwarePasskey,
  encodeCoseKey,
  evaluatePrf,
  signWithPasskey,
} from '#api/contract/software-passkey.ts';

const ORIGIN = 'https://gateway.example';
const ceremony = { challenge: 'A'.repeat(43), rpId: 'gateway.example' };
const user = createId();
const passkey = await createSoftwarePasskey(user);

describe('a passkey made of software', () => {
  it('is made and used as an independent library expects', async () => {
    const attestation = PasskeyAttestation.parse(attestPasskey(passkey, ceremony, { origin: ORIGIN }));
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: attestation as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: ceremony.challenge,
      expectedOrigin: ORIGIN,
      expectedRPID: ceremony.rpId,
      requireUserVerification: true,
    });
    expect(verified).toBe(true);
    const credential = registrationInfo!.credential;
    expect(credential.id).toBe(passkey.credentialId);
    expect(new Uint8Array(credential.publicKey)).toEqual(encodeCoseKey(passkey.key));

    for (let turn = 0; turn < 20; turn += 1) {
      const assertion = PasskeyAssertion.parse(await signWithPasskey(passkey, ceremony, { origin: ORIGIN }));
      expect(new TextDecoder().decode(parseBase64Url(assertion.response.userHandle ?? ''))).toBe(user);
      const checked = await verifyAuthenticationResponse({
        response: assertion,
        expectedChallenge: ceremony.challenge,
        expectedOrigin: ORIGIN,
        expectedRPID: ceremony.rpId,
        credential,
        requireUserVerification: true,
      });
      expect(checked.verified).toBe(true);
    }
  });

  it('computes the same secret for the same salt only', async () => {
    const secret = await evaluatePrf(passkey, encodeUtf8('vault'));
    expect(secret).toHaveLength(32);
    expect(await evaluatePrf(passkey, encodeUtf8('vault'))).toEqual(secret);
    expect(await evaluatePrf(passkey, encodeUtf8('other'))).not.toEqual(secret);
    expect(await evaluatePrf(await createSoftwarePasskey(user), encodeUtf8('vault'))).not.toEqual(secret);
  });

  it('has no place for what an extension computed', async () => {
    const assertion = await signWithPasskey(passkey, ceremony, { origin: ORIGIN });
    const leaking = { ...assertion, clientExtensionResults: { prf: { results: { first: 'AAAA' } } } };
    expect(PasskeyAssertion.safeParse(leaking).success).toBe(false);
  });
});
