import { parseBase64Url } from '../encoding.ts';
import type { JWK } from '../jose.ts';
import { createVerifierKey, SIGNATURE_TYPES, type SignatureType, type VerifierKey } from './verifier-key.ts';

/** Holds a note-signing key: in memory here, in a hardware module elsewhere. */
export interface NoteSigner {
  readonly verifier: VerifierKey;
  /** Ed25519 over exactly these bytes: 64 bytes. */
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

/** A fresh Ed25519 key as a private JWK (RFC 8037), for a key file. */
export async function createNoteSigningJwk(): Promise<JWK> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('Ed25519 yields a key pair');
  const { kty, crv, x, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { kty, crv, x, d };
}

/** A signer from a private JWK: `ed25519` for the log itself, `cosignature` for a witness. */
export async function importNoteSigner(
  name: string,
  privateJwk: JWK,
  type: keyof typeof SIGNATURE_TYPES = 'ed25519',
): Promise<NoteSigner> {
  if (privateJwk.kty !== 'OKP' || privateJwk.crv !== 'Ed25519' || !privateJwk.x || !privateJwk.d) {
    throw new TypeError('not a private Ed25519 JWK');
  }
  const { kty, crv, x, d } = privateJwk;
  const privateKey = await crypto.subtle.importKey('jwk', { kty, crv, x, d }, 'Ed25519', false, ['sign']);
  const signatureType: SignatureType = SIGNATURE_TYPES[type];
  return {
    verifier: createVerifierKey(name, signatureType, parseBase64Url(x)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message)),
  };
}
