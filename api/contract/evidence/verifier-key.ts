import { encodeBase64, encodeUtf8, digest } from '../encoding.ts';
import { isSameBytes, parseCanonicalBase64 } from './canonical-text.ts';
import { EvidenceError } from './errors.ts';

/** Signature types of C2SP signed-note that are verified here. */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof SIGNATURE_TYPES)[keyof typeof SIGNATURE_TYPES];

/** A public key that signs notes: a log's (`ed25519`) or a witness's (`cosignature`). */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes. A hint that finds the key, not a proof of it. */
  readonly keyId: Uint8Array;
  readonly type: SignatureType;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
}

/** Key names are not empty and hold neither spaces, nor control characters, nor `+` (C2SP signed-note, Format). */
export const isKeyName = (name: string): boolean => name !== '' && !/[\s+\p{Cc}\p{Zs}]/u.test(name);

/** Binds a name to a key; the id is SHA-256(name ‖ LF ‖ type ‖ key), first four bytes (C2SP signed-note, Signatures). */
export function createVerifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new TypeError('a key name has no spaces and no plus');
  if (publicKey.length !== 32) throw new RangeError('an Ed25519 public key has 32 bytes');
  const keyId = digest(new Uint8Array([...encodeUtf8(name), 0x0a, type, ...publicKey])).slice(0, 4);
  return { name, keyId, type, publicKey };
}

/** The text of a verifier key: `name+hex(key id)+base64(type ‖ key)`. */
export function encodeVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  const id = Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${name}+${id}+${encodeBase64(new Uint8Array([type, ...publicKey]))}`;
}

/** @throws {EvidenceError} `vkey_malformed`, also when the written key id is not the key's */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? [];
  const material = parseCanonicalBase64(encoded);
  const type = Object.values(SIGNATURE_TYPES).find((known) => known === material?.[0]);
  if (!isKeyName(name) || material?.length !== 33 || type === undefined) {
    throw new EvidenceError('vkey_malformed', 'not an Ed25519 verifier key');
  }
  const key = createVerifierKey(name, type, material.slice(1));
  if (encodeVerifierKey(key) !== text) throw new EvidenceError('vkey_malformed', `the key id is not ${id}`);
  return key;
}

export const isSameKey = (a: Pick<VerifierKey, 'name' | 'keyId'>, b: Pick<VerifierKey, 'name' | 'keyId'>): boolean =>
  a.name === b.name && isSameBytes(a.keyId, b.keyId);
