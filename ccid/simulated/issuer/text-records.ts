import { concatBytes } from '../../iso7816/bytes.ts';
import type { CardAttributes, RsaPublicJwk } from '../personalisation.ts';
import { encodeCardPublicKey } from './rsa-public-key.ts';
import { writeTlv } from './tlv-writer.ts';

const encoder = new TextEncoder();

/** The part of EF 0007 that the issuer signs (RSASSA-PKCS1-v1_5 with SHA-256): the whole object `DF51`. */
export function encodeTextKeyRecordBody(key: RsaPublicJwk): Uint8Array<ArrayBuffer> {
  return writeTlv(0xdf51, encodeCardPublicKey(key));
}

/** EF 0007 of the text application: `FF50 { DF51 public key, DF52 signature }`. */
export function encodeTextKeyRecord(body: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeTlv(0xff50, body, writeTlv(0xdf52, signature));
}

/** EF 0001 of the text application as the card stores it: `FF10` with twelve digits, then two bytes of filler. */
export function encodeMyNumberFile(myNumber: string): Uint8Array<ArrayBuffer> {
  if (!/^\d{12}$/.test(myNumber)) throw new RangeError('a My Number has twelve digits');
  return concatBytes(writeTlv(0xff10, encoder.encode(myNumber)), Uint8Array.of(0xff, 0xff));
}

/** EF 0002 of the text application: `FF20 { DF21 offsets, DF22 … DF25 }`; offsets count from the first byte of the file. */
export function encodeAttributesFile(attributes: CardAttributes): Uint8Array<ArrayBuffer> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(attributes.birthDate)) throw new RangeError('a birth date is YYYY-MM-DD');
  const fields = encodeAttributeFields(attributes);
  const bodySize = OFFSETS_SIZE_BYTES + fields.reduce((sum, field) => sum + field.length, 0);
  let at = writeTlv(0xff20, new Uint8Array(bodySize)).length - bodySize + OFFSETS_SIZE_BYTES;
  const offsets = fields.map((field) => {
    const start = Uint8Array.of(at >> 8, at & 0xff);
    at += field.length;
    return start;
  });
  return writeTlv(0xff20, writeTlv(0xdf21, ...offsets), ...fields);
}

/** Tag, length and four offsets of two bytes. */
const OFFSETS_SIZE_BYTES = 3 + 8;

function encodeAttributeFields(attributes: CardAttributes): Uint8Array[] {
  const texts = [
    attributes.name,
    attributes.address,
    attributes.birthDate.replaceAll('-', ''),
    attributes.sex,
  ] as const;
  return texts.map((text, i) => writeTlv(0xdf22 + i, encoder.encode(text)));
}

/**
 * The part of EF 0003 that the issuer signs (RSASSA-PKCS1-v1_5 with SHA-256): `DF31` digest of EF 0001 with its filler,
 * `DF32` digest of `DF22` to `DF25`.
 */
export async function encodeIntegrityRecordBody(
  myNumber: string,
  attributes: CardAttributes,
): Promise<Uint8Array<ArrayBuffer>> {
  return concatBytes(
    writeTlv(0xdf31, await sha256(encodeMyNumberFile(myNumber))),
    writeTlv(0xdf32, await sha256(concatBytes(...encodeAttributeFields(attributes)))),
  );
}

/** EF 0003 of the text application: `FF30 { DF31, DF32, DF33 signature }`. */
export function encodeIntegrityRecord(body: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeTlv(0xff30, body, writeTlv(0xdf33, signature));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
