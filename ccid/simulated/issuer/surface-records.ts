import { concatBytes } from '../../iso7816/bytes.ts';
import type { RsaPublicJwk } from '../personalisation.ts';
import { encodeCardPublicKey } from './rsa-public-key.ts';
import { writeTlv } from './tlv-writer.ts';

const encoder = new TextEncoder();

/**
 * The part of the surface application's EF 0001 that the issuer signs (RSASSA-PKCS1-v1_5 with SHA-256): `DF11` birth date
 * and `DF12` card key.
 *
 * @param birthDate `YYYY-MM-DD`
 */
export function encodeAgeRecordBody(birthDate: string, key: RsaPublicJwk): Uint8Array<ArrayBuffer> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) throw new RangeError('a birth date is YYYY-MM-DD');
  return concatBytes(
    writeTlv(0xdf11, encoder.encode(birthDate.replaceAll('-', ''))),
    writeTlv(0xdf12, encodeCardPublicKey(key)),
  );
}

/** EF 0001 of the surface application: `FF10 { DF11, DF12, DF13 signature }`. */
export function encodeAgeRecord(body: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeTlv(0xff10, body, writeTlv(0xdf13, signature));
}
