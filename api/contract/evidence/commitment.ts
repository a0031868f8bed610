import { digest } from '../encoding.ts';

/** Bytes of a salt: as many as the hash, so that a leaf says nothing about a record however few records are possible. */
export const SALT_SIZE = 32;

/**
 * Leaf data for a visit record: SHA-256(salt ‖ SHA-256(record as ASCII)).
 *
 * Whoever holds record and salt can show the link; without the salt the leaf is noise, which is how a person is
 * forgotten while the tree stands.
 */
export function commitRecord(record: string, salt: Uint8Array): Uint8Array<ArrayBuffer> {
  return commitHash(digest(record), salt);
}

/** The same of a record whose hash is at hand. */
export function commitHash(recordHash: Uint8Array, salt: Uint8Array): Uint8Array<ArrayBuffer> {
  if (salt.length !== SALT_SIZE) throw new RangeError('a salt has 32 bytes');
  const input = new Uint8Array(SALT_SIZE + recordHash.length);
  input.set(salt, 0);
  input.set(recordHash, SALT_SIZE);
  return digest(input);
}
