import { equalBytes } from '../../iso7816/bytes.ts';
import { findTlv, parseTlvHeader, parseTlvs, type Tlv } from '../../iso7816/tlv.ts';
import type { FileReference, HpkiLayout } from './files.ts';

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  sequence: 0x30,
  typeAttributes: 0xa1,
  pinReference: 0x80,
} as const;

/** Choices of the object directory that name a directory file (ISO 7816-15 §8.3). */
const DIRECTORY_TAGS = { privateKeys: 0xa0, certificates: 0xa4, authentication: 0xa8 } as const;

/** The three directory files that a signature needs. */
export type ObjectDirectory = Readonly<Record<keyof typeof DIRECTORY_TAGS, FileReference>>;

/** The object directory (OD). @throws {RangeError} when one of the three is missing */
export function parseObjectDirectory(bytes: Uint8Array): ObjectDirectory {
  const objects = parsePadded(bytes);
  const find = (tag: number): FileReference => {
    const value = findTlv(objects, tag) ?? missing('directory file');
    return parsePath(requireSequence(parseTlvs(value)));
  };
  return {
    privateKeys: find(DIRECTORY_TAGS.privateKeys),
    certificates: find(DIRECTORY_TAGS.certificates),
    authentication: find(DIRECTORY_TAGS.authentication),
  };
}

/**
 * What the directories of keys (PrKD), certificates (CD) and authentication objects (AOD) say of the first key.
 *
 * @throws {RangeError} when they do not describe an RSA key with a certificate and a password
 */
export function readLayout(privateKeys: Uint8Array, certificates: Uint8Array, authentication: Uint8Array): HpkiLayout {
  const key = parseObjects(privateKeys)[0] ?? missing('private key');
  const keyPath = parsePath(requireSequence(key.type));
  const authId = findTlv(key.common, TAG.octets);
  const keyId = findTlv(key.class, TAG.octets);

  const all = parseObjects(certificates).map((object) => ({
    id: findTlv(object.class, TAG.octets),
    isAuthority: findTlv(object.class, TAG.boolean) !== undefined,
    file: parsePath(requireSequence(object.type)),
  }));
  const own = all.find(({ id }) => keyId && id && equalBytes(id, keyId)) ?? all.find(({ isAuthority }) => !isAuthority);
  return {
    source: 'iso7816-15',
    certificate: (own ?? missing('certificate')).file,
    authorities: all.filter((certificate) => certificate !== own).map(({ file }) => file),
    pinReference: findPinReference(authentication, authId),
    key: { tag: 0x81, id: keyPath.kind === 'short' ? keyPath.sfi : keyPath.id },
    wantsPinEachTime: findTlv(key.common, TAG.integer)?.at(-1) === 1,
  };
}

function findPinReference(authentication: Uint8Array, authId: Uint8Array | undefined): number {
  const pins = parseObjects(authentication);
  const isWanted = ({ class: attributes }: InformationObject): boolean => {
    const id = findTlv(attributes, TAG.octets);
    return authId !== undefined && id !== undefined && equalBytes(id, authId);
  };
  const pin = pins.find(isWanted) ?? pins[0] ?? missing('password');
  return findTlv(pin.type, TAG.pinReference)?.at(-1) ?? missing('password reference');
}

/** The three parts of every information object (ISO 7816-15 §8.2): common, class and type attributes. */
interface InformationObject {
  readonly common: readonly Tlv[];
  readonly class: readonly Tlv[];
  readonly type: readonly Tlv[];
}

function parseObjects(bytes: Uint8Array): InformationObject[] {
  return parsePadded(bytes)
    .filter(({ tag }) => tag === TAG.sequence)
    .map(({ value }) => {
      const parts = parseTlvs(value);
      const [common, classPart] = parts.filter(({ tag }) => tag === TAG.sequence);
      const type = findTlv(parts, TAG.typeAttributes);
      if (!common || !classPart || !type) throw new RangeError('not an information object');
      return {
        common: parseTlvs(common.value),
        class: parseTlvs(classPart.value),
        type: parseTlvs(requireSequence(parseTlvs(type))),
      };
    });
}

/** A path holds an octet string: one byte is a short identifier in its upper five bits, two or more end in an identifier. */
function parsePath(path: Uint8Array): FileReference {
  const value = findTlv(parseTlvs(path), TAG.octets) ?? missing('path');
  if (value.length === 1) return { kind: 'short', sfi: value[0]! >> 3 };
  if (value.length < 2) throw new RangeError('empty path');
  return { kind: 'identifier', id: (value.at(-2)! << 8) | value.at(-1)! };
}

/** Objects one behind the other; a file may be longer than they are, and is filled with 00 or FF. */
function parsePadded(bytes: Uint8Array): readonly Tlv[] {
  let end = 0;
  while (end < bytes.length && bytes[end] !== 0x00 && bytes[end] !== 0xff) {
    const { headerLength, valueLength } = parseTlvHeader(bytes, end);
    end += headerLength + valueLength;
  }
  return parseTlvs(bytes.subarray(0, end));
}

function requireSequence(objects: readonly Tlv[]): Uint8Array {
  return findTlv(objects, TAG.sequence) ?? missing('sequence');
}

function missing(what: string): never {
  throw new RangeError(`no ${what}`);
}
