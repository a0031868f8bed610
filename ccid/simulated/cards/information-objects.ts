import { writeTlv } from '../issuer/tlv-writer.ts';

/** The cryptographic information files of one application (ISO/IEC 7816-15), as bytes. */
export interface InformationObjects {
  readonly cardInfo: Uint8Array;
  readonly directory: Uint8Array;
  readonly authenticationObjects: Uint8Array;
  readonly privateKeys: Uint8Array;
  readonly certificates: Uint8Array;
}

const SEQUENCE = 0x30;
const TYPE_ATTRIBUTES = 0xa1;

const PIN_REFERENCE = 0x96;
const PIN_AUTH_ID = Uint8Array.of(0x01);
const KEY_ID = Uint8Array.of(0x45);

const PRIVATE_KEY_FILE = 0x17;
const CERTIFICATE_FILE = 0x18;
const ROOT_FILE = 0x19;

/**
 * The objects of the guideline's example (JAHIS 24-002): one PIN, one key, its certificate, the root and
 * `subordinateCount` certificates of CAs between.
 */
export function encodeInformationObjects(
  purpose: 'sign' | 'authenticate',
  subordinateCount: number,
): InformationObjects {
  return {
    cardInfo: encodeCardInfo(),
    directory: encodeDirectory(),
    authenticationObjects: encodePin(),
    privateKeys: encodePrivateKey(purpose),
    certificates: encodeCertificates(subordinateCount),
  };
}

/** CIAInfo: version, label and flags. */
function encodeCardInfo(): Uint8Array {
  return sequence(integer(1), writeTlv(0x80, text('HPKI')), bitString(0x05, 0x20));
}

/** OD: where the directories of private keys [0], certificates [4] and authentication objects [8] are. */
function encodeDirectory(): Uint8Array {
  return Uint8Array.of(...writeTlv(0xa0, path(0x14)), ...writeTlv(0xa4, path(0x15)), ...writeTlv(0xa8, path(0x13)));
}

/** AOD: a PIN of 4 to 16 ASCII characters (`PasswordAttributes`: flags, type, lengths, reference [0]). */
function encodePin(): Uint8Array {
  const attributes = sequence(
    bitString(0x03, 0x18),
    writeTlv(0x0a, Uint8Array.of(1)),
    integer(4),
    integer(16),
    integer(16),
    writeTlv(0x80, Uint8Array.of(0x00, PIN_REFERENCE)),
  );
  return sequence(
    sequence(utf8('PIN'), bitString(0x06, 0x40)),
    sequence(octets(PIN_AUTH_ID)),
    writeTlv(TYPE_ATTRIBUTES, attributes),
  );
}

/** PrKD: one RSA key; `userConsent` 1 on the signing key, usage nonRepudiation or sign. */
function encodePrivateKey(purpose: 'sign' | 'authenticate'): Uint8Array {
  const common = [utf8('Private key'), bitString(0x07, 0x80), octets(PIN_AUTH_ID)];
  const usage = purpose === 'sign' ? bitString(0x06, 0x00, 0x40) : bitString(0x05, 0x20);
  return sequence(
    purpose === 'sign' ? sequence(...common, integer(1)) : sequence(...common),
    sequence(octets(KEY_ID), usage, integer(PRIVATE_KEY_FILE)),
    writeTlv(TYPE_ATTRIBUTES, sequence(path(PRIVATE_KEY_FILE), integer(2048))),
  );
}

/** CD: the holder's certificate first, then the authorities, marked as such. */
function encodeCertificates(subordinateCount: number): Uint8Array {
  const authorities = Array.from({ length: subordinateCount + 1 }, (_, i) =>
    encodeCertificate(i === 0 ? 'Root CA' : `CA ${i}`, Uint8Array.of(0x46 + i), ROOT_FILE + i, true),
  );
  return Uint8Array.of(
    ...encodeCertificate('Certificate', KEY_ID, CERTIFICATE_FILE, false),
    ...authorities.flatMap((authority) => [...authority]),
  );
}

function encodeCertificate(label: string, id: Uint8Array, sfi: number, isAuthority: boolean): Uint8Array {
  return sequence(
    sequence(utf8(label)),
    isAuthority ? sequence(octets(id), writeTlv(0x01, Uint8Array.of(0xff))) : sequence(octets(id)),
    writeTlv(TYPE_ATTRIBUTES, sequence(path(sfi))),
  );
}

/** A path of one byte: the short identifier in the upper five bits (ISO 7816-15, `efidOrPath`). */
function path(sfi: number): Uint8Array {
  return sequence(octets(Uint8Array.of(sfi << 3)));
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return writeTlv(SEQUENCE, ...parts);
}

function octets(value: Uint8Array): Uint8Array {
  return writeTlv(0x04, value);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function utf8(value: string): Uint8Array {
  return writeTlv(0x0c, text(value));
}

/** A non-negative INTEGER below 32,768. */
function integer(value: number): Uint8Array {
  return writeTlv(0x02, value < 0x80 ? Uint8Array.of(value) : Uint8Array.of(value >> 8, value & 0xff));
}

function bitString(unusedBits: number, ...bytes: readonly number[]): Uint8Array {
  return writeTlv(0x03, Uint8Array.of(unusedBits, ...bytes));
}
