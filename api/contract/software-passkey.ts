import { concatBytes as join } from '@noble/hashes/utils.js';
import { digest, encodeBase64Url, encodeUtf8, parseBase64Url } from './encoding.ts';
import { createSigningJwk, type JWK } from './jose.ts';
import type { PasskeyAssertion, PasskeyAttestation, PasskeyChallenge, PasskeyCreation } from './passkey.ts';

/**
 * A passkey made of software: real signatures over WebAuthn's own bytes, and nothing that protects the key. It stands in
 * for an authenticator in tests and in the demonstration, which says so wherever it is used.
 */
export interface SoftwarePasskey {
  readonly credentialId: string;
  /** P-256, private. */
  readonly key: JWK;
  /** Secret behind the `prf` extension, base64url. */
  readonly prfSecret: string;
  /** Whom it is for: the id that the institution knows them by. */
  readonly user: string;
}

export interface SoftwareCeremony {
  readonly origin: string;
  /** Says that the holder was verified; without it no institution lets anybody in. */
  readonly isVerified?: boolean;
}

/** Flags of authenticator data (WebAuthn Level 3 §6.1). */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export async function createSoftwarePasskey(user: string): Promise<SoftwarePasskey> {
  const random = (size: number) => encodeBase64Url(crypto.getRandomValues(new Uint8Array(size)));
  return { credentialId: random(16), key: await createSigningJwk(), prfSecret: random(32), user };
}

/** What the passkey answers to `navigator.credentials.get`. */
export async function signWithPasskey(
  passkey: SoftwarePasskey,
  { challenge, rpId }: Pick<PasskeyChallenge, 'challenge' | 'rpId'>,
  { origin, isVerified = true }: SoftwareCeremony,
): Promise<PasskeyAssertion> {
  const clientData = encodeClientData('webauthn.get', challenge, origin);
  const authenticatorData = concatBytes(describeAuthenticator(rpId, PRESENT | (isVerified ? VERIFIED : 0)));
  const signed = concatBytes([authenticatorData, digest(clientData)]);
  return {
    id: passkey.credentialId,
    rawId: passkey.credentialId,
    type: 'public-key',
    response: {
      clientDataJSON: encodeBase64Url(clientData),
      authenticatorData: encodeBase64Url(authenticatorData),
      signature: encodeBase64Url(encodeDerSignature(await sign(passkey.key, signed))),
      userHandle: encodeBase64Url(encodeUtf8(passkey.user)),
    },
    clientExtensionResults: {},
  };
}

/** What the passkey answers to `navigator.credentials.create`: attestation `none` (§8.7). */
export function attestPasskey(
  passkey: SoftwarePasskey,
  { challenge, rpId }: Pick<PasskeyCreation, 'challenge' | 'rpId'>,
  { origin, isVerified = true }: SoftwareCeremony,
): PasskeyAttestation {
  const id = parseBase64Url(passkey.credentialId);
  const flags = PRESENT | HAS_CREDENTIAL | (isVerified ? VERIFIED : 0);
  const authenticatorData = concatBytes([
    ...describeAuthenticator(rpId, flags),
    new Uint8Array(16),
    Uint8Array.of(id.length >> 8, id.length & 0xff),
    id,
    encodeCoseKey(passkey.key),
  ]);
  const attestation = concatBytes([
    Uint8Array.of(0xa3, 0x63),
    encodeUtf8('fmt'),
    Uint8Array.of(0x64),
    encodeUtf8('none'),
    Uint8Array.of(0x67),
    encodeUtf8('attStmt'),
    Uint8Array.of(0xa0, 0x68),
    encodeUtf8('authData'),
    Uint8Array.of(0x59, authenticatorData.length >> 8, authenticatorData.length & 0xff),
    authenticatorData,
  ]);
  return {
    id: passkey.credentialId,
    rawId: passkey.credentialId,
    type: 'public-key',
    response: {
      clientDataJSON: encodeBase64Url(encodeClientData('webauthn.create', challenge, origin)),
      attestationObject: encodeBase64Url(attestation),
      transports: ['internal'],
    },
    clientExtensionResults: {},
  };
}

/** What the `prf` extension computes for a salt (§10.1.4): 32 bytes, the same each time. */
export async function evaluatePrf(passkey: SoftwarePasskey, salt: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', parseBase64Url(passkey.prfSecret), algorithm, false, ['sign']);
  const input = concatBytes([encodeUtf8('WebAuthn PRF'), Uint8Array.of(0), salt]);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, digest(input)));
}

/** A P-256 public key as COSE_Key for ES256 (RFC 9053 §7.1.1, §2.1). @throws {TypeError} another key */
export function encodeCoseKey({ crv, x, y }: JWK): Uint8Array<ArrayBuffer> {
  if (crv !== 'P-256' || !x || !y) throw new TypeError('a P-256 key');
  return concatBytes([
    Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20),
    parseBase64Url(x),
    Uint8Array.of(0x22, 0x58, 0x20),
    parseBase64Url(y),
  ]);
}

const encodeClientData = (type: string, challenge: string, origin: string): Uint8Array<ArrayBuffer> =>
  encodeUtf8(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

/** One array of several; on a buffer of its own. */
const concatBytes = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(join(...parts));

/** RP id hash, flags, and a counter that stays at zero, as with passkeys that live on several devices. */
const describeAuthenticator = (rpId: string, flags: number): readonly Uint8Array[] => [
  digest(encodeUtf8(rpId)),
  Uint8Array.of(flags),
  new Uint8Array(4),
];

async function sign({ kty, crv, x, y, d }: JWK, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const jwk = { kty, crv, x, y, d } as JsonWebKey;
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, data));
}

/** r ‖ s as ECDSA-Sig-Value (RFC 3279 §2.2.3), which is what authenticators send. */
function encodeDerSignature(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const integer = (bytes: Uint8Array) => {
    const from = Math.min(
      bytes.findIndex((byte) => byte !== 0),
      bytes.length - 1,
    );
    const digits = bytes.subarray(Math.max(from, 0));
    const body = (digits[0] ?? 0) & 0x80 ? concatBytes([Uint8Array.of(0), digits]) : digits;
    return concatBytes([Uint8Array.of(0x02, body.length), body]);
  };
  const body = concatBytes([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return concatBytes([Uint8Array.of(0x30, body.length), body]);
}
