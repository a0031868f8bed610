import { encodeUtf8 } from '../encoding.ts';
import { EcPublicJwk } from '../ec-public-jwk.ts';

/** The two directions of a session. */
export type Direction = 'initiator' | 'responder';

/** A key pair for one session; its private half cannot leave the process and is dropped once the secrets are derived. */
export interface EphemeralKey {
  readonly publicJwk: EcPublicJwk;
  readonly privateKey: CryptoKey;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const SECRET_BITS = 256;

export async function createEphemeralKey(): Promise<EphemeralKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return { publicJwk: EcPublicJwk.parse(await crypto.subtle.exportKey('jwk', publicKey)), privateKey };
}

/**
 * The first secret of each direction: HKDF-SHA-256 (RFC 5869) of the ECDH secret, salted with the transcript's hash, so that
 * no other handshake leads to the same.
 *
 * @throws {DOMException} when the other's key is no point of the curve
 */
export async function deriveSecrets(
  own: EphemeralKey,
  theirs: EcPublicJwk,
  transcript: Uint8Array<ArrayBuffer>,
): Promise<Readonly<Record<Direction, Uint8Array<ArrayBuffer>>>> {
  const publicKey = await crypto.subtle.importKey('jwk', theirs, CURVE, false, []);
  const shared = new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, own.privateKey, SECRET_BITS),
  );
  try {
    const [initiator, responder] = await Promise.all([
      expand(shared, transcript, 'tsunagi session v1 initiator'),
      expand(shared, transcript, 'tsunagi session v1 responder'),
    ]);
    return { initiator, responder };
  } finally {
    shared.fill(0);
  }
}

/** The key of one generation. */
export const deriveFrameKey = (secret: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  expand(secret, NO_SALT, 'tsunagi session v1 frame key');

/** The next generation's secret; nothing leads back. */
export const deriveNextSecret = (secret: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  expand(secret, NO_SALT, 'tsunagi session v1 next');

const NO_SALT = new Uint8Array(32);

async function expand(
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info: encodeUtf8(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf, base, SECRET_BITS));
}
