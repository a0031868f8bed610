import { parseHex } from '../../iso7816/bytes.ts';
import { parseBase64 } from '../base64.ts';
import type { Application, CardFile } from '../card-os/card-file.ts';
import { importRsaPrivateKey } from '../card-os/rsa.ts';
import { encodeAttributesFile, encodeMyNumberFile } from '../issuer/text-records.ts';
import type { MyNumberPersonalisation } from '../personalisation.ts';

const PIN = 0x0011;
const ALWAYS_BLOCKED = 0x0012;
const OWN_KEY = 0x0013;
const NUMBER_A = 0x0014;
const NUMBER_B = 0x0015;

/** How many tries the 照合番号 have is not stated in public sources. */
const NUMBER_TRIES = 10;

const encoder = new TextEncoder();

/** The text application (券面事項入力補助AP): the printed data as text, and a key that signs for anybody. */
export function createTextApplication(personalisation: MyNumberPersonalisation): Application {
  const { textIntegrityRecord } = personalisation;
  const withAnything = { anyOf: [PIN, NUMBER_A, NUMBER_B] } as const;
  const files: CardFile[] = [
    {
      kind: 'binary',
      id: 0x0001,
      content: encodeMyNumberFile(personalisation.myNumber),
      read: { anyOf: [PIN, NUMBER_A] },
    },
    {
      kind: 'binary',
      id: 0x0002,
      content: encodeAttributesFile(personalisation.attributes),
      read: { anyOf: [PIN, NUMBER_B] },
    },
    { kind: 'binary', id: 0x0004, content: parseBase64(personalisation.textCvc), read: 'free' },
    { kind: 'binary', id: 0x0007, content: parseBase64(personalisation.textKeyRecord), read: withAnything },
    { kind: 'binary', id: 0x0008, content: new Uint8Array(16).fill(0xff), read: 'free' },
    { kind: 'pin', id: PIN, value: encoder.encode(personalisation.textPin), tries: 3, accepts: /^\d{4}$/ },
    { kind: 'pin', id: ALWAYS_BLOCKED, value: new Uint8Array(), tries: 0 },
    { kind: 'key', id: OWN_KEY, key: importRsaPrivateKey(personalisation.textKey), use: 'free' },
    { kind: 'pin', id: NUMBER_A, value: encoder.encode(personalisation.myNumber), tries: NUMBER_TRIES },
    { kind: 'pin', id: NUMBER_B, value: encoder.encode(personalisation.cardNumberB), tries: NUMBER_TRIES },
  ];
  if (textIntegrityRecord !== undefined) {
    files.push({ kind: 'binary', id: 0x0003, content: parseBase64(textIntegrityRecord), read: withAnything });
  }
  return {
    name: parseHex('D3 92 10 00 31 00 01 01 04 08'),
    files: files.map((file) => ({ ...file, sfi: file.id & 0x1f })),
    defaultKey: OWN_KEY,
  };
}
