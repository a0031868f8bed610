import { encodeHex } from '../../iso7816/bytes.ts';
import { parseBase64Url } from '../base64.ts';
import type { RsaPrivateJwk } from '../personalisation.ts';

/**
 * An RSA private key for the bare operation m^d mod n (RFC 8017 §5.2.1).
 *
 * A card signs whatever block it is handed, which Web Crypto cannot do; hence BigInt. It takes no care of timing: the
 * keys are test keys that stand in clear in the personalisation.
 */
export interface RsaPrivateKey {
  readonly n: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
  readonly sizeBytes: number;
}

export function importRsaPrivateKey(jwk: RsaPrivateJwk): RsaPrivateKey {
  const read = (member: string): bigint => readBigInt(parseBase64Url(member));
  return {
    n: read(jwk.n),
    p: read(jwk.p),
    q: read(jwk.q),
    dp: read(jwk.dp),
    dq: read(jwk.dq),
    qi: read(jwk.qi),
    sizeBytes: parseBase64Url(jwk.n).length,
  };
}

/** The signature primitive RSASP1 by Chinese remainders; `undefined` when the block is not below the modulus. */
export function computeRsa(key: RsaPrivateKey, block: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const message = readBigInt(block);
  if (message >= key.n) return undefined;
  const m1 = power(message % key.p, key.dp, key.p);
  const m2 = power(message % key.q, key.dq, key.q);
  // m1 - m2 may be negative, and % keeps the sign.
  const h = ((((m1 - m2) * key.qi) % key.p) + key.p) % key.p;
  return writeBigInt(m2 + h * key.q, key.sizeBytes);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

function readBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${encodeHex(bytes)}`);
}

function writeBigInt(value: bigint, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const digits = value.toString(16).padStart(sizeBytes * 2, '0');
  return Uint8Array.from({ length: sizeBytes }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}
