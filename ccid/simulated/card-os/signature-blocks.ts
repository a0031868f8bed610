import { concatBytes, parseHex } from '../../iso7816/bytes.ts';

const SHA256_SIZE_BYTES = 32;
const PSS_SALT_SIZE_BYTES = 32;
const SHA256_DIGEST_INFO_PREFIX = parseHex('3031300D060960864801650304020105000420');

export async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
}

/** DigestInfo of a SHA-256 digest (RFC 8017 §9.2). */
export function wrapDigest(digest: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(SHA256_DIGEST_INFO_PREFIX, digest);
}

/** The type-1 block `00 01 FF … 00 payload` (RFC 8017 §9.2); the payload leaves room for eleven bytes. */
export function padType1(payload: Uint8Array, sizeBytes: number): Uint8Array<ArrayBuffer> {
  return concatBytes(
    Uint8Array.of(0, 1),
    new Uint8Array(sizeBytes - payload.length - 3).fill(0xff),
    Uint8Array.of(0),
    payload,
  );
}

/** EMSA-PSS-ENCODE with SHA-256, MGF1-SHA-256 and a salt of 32 bytes, for a modulus of 8 × `sizeBytes` bits (RFC 8017 §9.1.1). */
export async function encodePss(
  digest: Uint8Array,
  sizeBytes: number,
  fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const salt = new Uint8Array(PSS_SALT_SIZE_BYTES);
  fillRandom(salt);
  const hash = await sha256(concatBytes(new Uint8Array(8), digest, salt));
  const padding = new Uint8Array(sizeBytes - SHA256_SIZE_BYTES - salt.length - 2);
  const data = concatBytes(padding, Uint8Array.of(1), salt);
  const mask = await generateMask(hash, data.length);
  const masked = data.map((byte, i) => byte ^ mask[i]!);
  // The block is one bit shorter than the modulus.
  masked[0]! &= 0x7f;
  return concatBytes(masked, hash, Uint8Array.of(0xbc));
}

async function generateMask(seed: Uint8Array, sizeBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let counter = 0; counter * SHA256_SIZE_BYTES < sizeBytes; counter += 1) {
    parts.push(await sha256(concatBytes(seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff))));
  }
  return concatBytes(...parts).subarray(0, sizeBytes);
}
