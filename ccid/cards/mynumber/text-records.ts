import { encodeTlv, parseTlvHeader, type Tlv } from '../../iso7816/tlv.ts';
import { concatBytes, equalBytes } from '../../iso7816/bytes.ts';
import { type CardPublicKey, parseCardPublicKey } from './card-public-key.ts';
import { hashSha256 } from '../digest-info.ts';
import { openTemplate, parseCardDate, parseRecord, requireTlv } from './parse-record.ts';

/** The four basic attributes (基本4情報, EF 0002). */
export interface TextAttributes {
  readonly name: string;
  readonly address: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** As on the card: 1 male, 2 female, 3 and 9 as the issuer defines them. */
  readonly sex: string;
}

/** The text application's own public key with the issuer's signature (EF 0007). */
export interface TextKeyRecord {
  readonly publicKey: CardPublicKey;
  /** The object `DF51` whole: what the issuer signed with RSASSA-PKCS1-v1_5 and SHA-256. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** The issuer's digests of the number and the attributes (EF 0003). */
export interface IntegrityRecord {
  /** SHA-256 of EF 0001 as the card stores it, filler included. */
  readonly myNumberDigest: Uint8Array;
  /** SHA-256 of `DF22` to the end of EF 0002. */
  readonly attributesDigest: Uint8Array;
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** EF 0001 as the card stores it: fifteen bytes of record, two of filler. */
export const MY_NUMBER_FILE_SIZE_BYTES = 17;

const TAG = {
  attributes: 0xff20,
  offsets: 0xdf21,
  name: 0xdf22,
  address: 0xdf23,
  birthDate: 0xdf24,
  sex: 0xdf25,
  integrity: 0xff30,
  myNumberDigest: 0xdf31,
  attributesDigest: 0xdf32,
  integritySignature: 0xdf33,
  keyRecord: 0xff50,
  key: 0xdf51,
  keySignature: 0xdf52,
  myNumber: 0xff10,
} as const;

/** `FF50 { DF51 key, DF52 signature }`. @throws {CardError} `wrong_data` */
export function parseTextKeyRecord(bytes: Uint8Array): TextKeyRecord {
  return parseRecord('not a text key record', () => {
    const objects = openTemplate(bytes, TAG.keyRecord);
    const key = requireTlv(objects, TAG.key);
    return {
      publicKey: parseCardPublicKey(key),
      signedBytes: encodeTlv(TAG.key, key),
      signature: requireTlv(objects, TAG.keySignature),
    };
  });
}

/** `FF20 { DF21 offsets, DF22 name, DF23 address, DF24 birth date, DF25 sex }`. @throws {CardError} `wrong_data` */
export function parseTextAttributes(bytes: Uint8Array): TextAttributes {
  return parseRecord('not a record of attributes', () => {
    const objects = openTemplate(bytes, TAG.attributes);
    checkOffsets(bytes, objects);
    return {
      name: decodeText(requireTlv(objects, TAG.name)),
      address: decodeText(requireTlv(objects, TAG.address)),
      birthDate: parseCardDate(requireTlv(objects, TAG.birthDate)),
      sex: decodeText(requireTlv(objects, TAG.sex)),
    };
  });
}

/** Two bytes for each field: where it starts, counted from the first byte of the file. @throws {RangeError} */
function checkOffsets(file: Uint8Array, objects: readonly Tlv[]): void {
  const [table, ...fields] = objects;
  if (table?.tag !== TAG.offsets || table.value.length !== 2 * fields.length) throw new RangeError('offsets');
  const view = new DataView(table.value.buffer, table.value.byteOffset, table.value.length);
  let end = file.length;
  for (const [i, { tag, value }] of [...fields.entries()].reverse()) {
    end -= encodeTlv(tag, value).length;
    if (view.getUint16(2 * i) !== end) throw new RangeError(`field ${i} is not where the offsets say`);
  }
}

/** The twelve digits of EF 0001, `FF10` and filler. The law says who may ask for them. @throws {CardError} `wrong_data` */
export function parseMyNumber(file: Uint8Array): string {
  return parseRecord('not a My Number', () => {
    const { headerLength, valueLength, tag } = parseTlvHeader(file);
    const digits = String.fromCharCode(...file.subarray(headerLength, headerLength + valueLength));
    if (tag !== TAG.myNumber || !/^\d{12}$/.test(digits)) throw new RangeError('twelve digits');
    return digits;
  });
}

/** `FF30 { DF31, DF32, DF33 signature }`. @throws {CardError} `wrong_data` */
export function parseIntegrityRecord(bytes: Uint8Array): IntegrityRecord {
  return parseRecord('not an integrity record', () => {
    const objects = openTemplate(bytes, TAG.integrity);
    const myNumberDigest = requireTlv(objects, TAG.myNumberDigest);
    const attributesDigest = requireTlv(objects, TAG.attributesDigest);
    return {
      myNumberDigest,
      attributesDigest,
      signedBytes: concatBytes(
        encodeTlv(TAG.myNumberDigest, myNumberDigest),
        encodeTlv(TAG.attributesDigest, attributesDigest),
      ),
      signature: requireTlv(objects, TAG.integritySignature),
    };
  });
}

/**
 * Whether the record vouches for files of the same card: EF 0001 with its filler, EF 0002. The record's own signature is
 * another question: `verifyCardSignature` with the key of EF 0004.
 */
export async function matchesIntegrityRecord(
  record: IntegrityRecord,
  files: { readonly myNumber?: Uint8Array; readonly attributes?: Uint8Array },
): Promise<boolean> {
  const { myNumber, attributes } = files;
  const isSame = async (bytes: Uint8Array, digest: Uint8Array) => equalBytes(await hashSha256(bytes), digest);
  if (myNumber && !(await isSame(myNumber, record.myNumberDigest))) return false;
  return !attributes || isSame(attributesDigestSource(attributes), record.attributesDigest);
}

/** `DF22` to `DF25` without the table of offsets before them. */
function attributesDigestSource(file: Uint8Array): Uint8Array {
  return parseRecord('not a record of attributes', () => {
    const fields = openTemplate(file, TAG.attributes).filter(({ tag }) => tag !== TAG.offsets);
    return concatBytes(...fields.map(({ tag, value }) => encodeTlv(tag, value)));
  });
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RangeError('not UTF-8', { cause });
  }
}
