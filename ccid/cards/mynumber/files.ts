import { parseHex } from '../../iso7816/bytes.ts';
import { digits, type PinShape } from '../pin-shape.ts';

/** Application names (AIDs). Always sent whole: a prefix would be legal, and select whatever comes first. */
export const JPKI_AID = parseHex('D3 92 F0 00 26 01 00 00 00 01');
export const TEXT_AID = parseHex('D3 92 10 00 31 00 01 01 04 08');
export const SURFACE_AID = parseHex('D3 92 10 00 31 00 01 01 04 02');

/** What opens a file or a key; `free` is nobody's consent. */
export type Opener =
  | 'free'
  | 'auth PIN'
  | 'auth PIN or certified terminal'
  | 'sign password'
  | 'text PIN'
  | 'number A'
  | 'number B'
  | 'birth date'
  | 'never';

interface FileFacts {
  readonly id: number;
  readonly content: string;
  readonly openedBy: readonly Opener[];
  /** Of PIN files: what they are compared with looks like. */
  readonly shape?: PinShape;
}

/** 公的個人認証AP. The short identifier of each file is the low five bits of its identifier. */
export const JPKI_FILES = {
  signCertificate: { id: 0x0001, content: 'certificate for signatures', openedBy: ['sign password'] },
  signCaCertificate: { id: 0x0002, content: 'its CA certificate', openedBy: ['free'] },
  token: { id: 0x0006, content: 'token information, 32 characters of type first', openedBy: ['free'] },
  availability: { id: 0x0008, content: 'which certificates there are', openedBy: ['free'] },
  /** On a phone it wants the PIN. */
  authCertificate: { id: 0x000a, content: 'certificate for authentication', openedBy: ['free'] },
  authCaCertificate: { id: 0x000b, content: 'its CA certificate', openedBy: ['free'] },
  authKey: { id: 0x0017, content: 'RSA-2048 key', openedBy: ['auth PIN or certified terminal'] },
  authPin: { id: 0x0018, content: 'four digits, three tries', openedBy: ['never'], shape: digits(4) },
  signKey: { id: 0x001a, content: 'RSA-2048 key', openedBy: ['sign password'] },
  signPassword: {
    id: 0x001b,
    content: '6 to 16 characters A-Z 0-9, five tries',
    openedBy: ['never'],
    shape: { minLength: 6, maxLength: 16, characters: 'digits and capitals' },
  },
} as const satisfies Record<string, FileFacts>;

/** 券面事項入力補助AP. */
export const TEXT_FILES = {
  myNumber: { id: 0x0001, content: 'the number, restricted by law', openedBy: ['text PIN', 'number A'] },
  attributes: { id: 0x0002, content: 'name, address, birth date, sex', openedBy: ['text PIN', 'number B'] },
  integrity: {
    id: 0x0003,
    content: 'signed digests of the two files above',
    openedBy: ['text PIN', 'number A', 'number B'],
  },
  certificate: { id: 0x0004, content: 'card-verifiable certificate of the issuer key', openedBy: ['free'] },
  keyRecord: {
    id: 0x0007,
    content: "the application's public key, signed by the issuer key",
    openedBy: ['text PIN', 'number A', 'number B'],
  },
  pin: { id: 0x0011, content: 'four digits, three tries', openedBy: ['never'], shape: digits(4) },
  numberA: { id: 0x0014, content: 'the My Number as a key', openedBy: ['never'], shape: digits(12) },
  numberB: { id: 0x0015, content: 'birth date, year of expiry, security code', openedBy: ['never'], shape: digits(14) },
} as const satisfies Record<string, FileFacts>;

/** 券面事項確認AP. */
export const SURFACE_FILES = {
  ageRecord: { id: 0x0001, content: 'birth date and card key, signed', openedBy: ['birth date'] },
  cardFace: { id: 0x0002, content: 'printed data and photograph, signed', openedBy: ['number A', 'number B'] },
  applicationInfo: { id: 0x0003, content: 'versions and key identifiers', openedBy: ['free'] },
  certificate: { id: 0x0004, content: 'card-verifiable certificate of the issuer key', openedBy: ['free'] },
  myNumberImage: { id: 0x0005, content: 'the number as a picture, restricted by law', openedBy: ['number A'] },
  birthDate: { id: 0x0011, content: 'six digits, year of the era', openedBy: ['never'], shape: digits(6) },
  numberB: { id: 0x0012, content: 'birth date, year of expiry, security code', openedBy: ['never'], shape: digits(14) },
  numberA: { id: 0x0013, content: 'the My Number as a key', openedBy: ['never'], shape: digits(12) },
} as const satisfies Record<string, FileFacts>;

/** P1, P2 or reference that names a file by its short identifier (ISO 7816-4 §7.2.3). */
export function shortReference(file: { readonly id: number }): number {
  return 0x80 | (file.id & 0x1f);
}
