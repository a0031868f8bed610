import { parseBase64Url } from '../base64.ts';
import type { RsaPublicJwk } from '../personalisation.ts';
import { writeTlv } from './tlv-writer.ts';

const MODULUS_SIZE_BYTES = 256;

/**
 * An RSA-2048 public key as the card records carry it: `90` exponent, `91` modulus, one behind the other.
 *
 * @throws {RangeError} when the modulus has not 2048 bits
 */
export function encodeCardPublicKey(key: RsaPublicJwk): Uint8Array<ArrayBuffer> {
  const modulus = parseBase64Url(key.n);
  if (modulus.length !== MODULUS_SIZE_BYTES || modulus[0]! < 0x80) throw new RangeError('card keys are RSA-2048');
  return Uint8Array.of(...writeTlv(0x90, parseBase64Url(key.e)), ...writeTlv(0x91, modulus));
}
