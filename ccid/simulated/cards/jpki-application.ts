import { parseHex } from '../../iso7816/bytes.ts';
import { parseBase64 } from '../base64.ts';
import type { AccessCondition, Application, BinaryFile, InternalFile } from '../card-os/card-file.ts';
import { importRsaPrivateKey } from '../card-os/rsa.ts';
import type { MyNumberPersonalisation } from '../personalisation.ts';

const AUTH_PIN = 0x0018;
const SIGN_PASSWORD = 0x001b;

const TOKENS = { card: 'JPKIAPICCTOKEN2', android: 'JPKIAPGPSETOKEN', iphone: 'JPKIAPIOSTOKEN' } as const;
const TOKEN_FILE_SIZE_BYTES = 160;

const encoder = new TextEncoder();

/** The JPKI application (公的個人認証AP): two certificates with their keys and PINs. */
export function createJpkiApplication(personalisation: MyNumberPersonalisation): Application {
  const device = personalisation.device ?? 'card';
  const readAuth: AccessCondition = device === 'card' ? 'free' : { anyOf: [AUTH_PIN] };
  return {
    name: parseHex('D3 92 F0 00 26 01 00 00 00 01'),
    files: [
      binary(0x0001, parseBase64(personalisation.signCertificate), { anyOf: [SIGN_PASSWORD] }),
      binary(0x0002, parseBase64(personalisation.signCaCertificate)),
      internal(0x0005),
      binary(0x0006, encodeToken(TOKENS[device])),
      binary(0x0008, Uint8Array.of(0x8f, 0x8f, 0x00)),
      binary(0x0009, new Uint8Array(16).fill(0xff)),
      binary(0x000a, parseBase64(personalisation.authCertificate), readAuth),
      binary(0x000b, parseBase64(personalisation.authCaCertificate)),
      internal(0x0010),
      internal(0x0016),
      {
        kind: 'key',
        id: 0x0017,
        sfi: 0x17,
        key: importRsaPrivateKey(personalisation.authKey),
        use: { anyOf: [AUTH_PIN, 'terminal'] },
      },
      {
        kind: 'pin',
        id: AUTH_PIN,
        sfi: 0x18,
        value: encoder.encode(personalisation.authPin),
        tries: 3,
        accepts: /^\d{4}$/,
      },
      internal(0x0019),
      {
        kind: 'key',
        id: 0x001a,
        sfi: 0x1a,
        key: importRsaPrivateKey(personalisation.signKey),
        use: { anyOf: [SIGN_PASSWORD] },
      },
      {
        kind: 'pin',
        id: SIGN_PASSWORD,
        sfi: 0x1b,
        value: encoder.encode(personalisation.signPassword),
        tries: 5,
        accepts: /^[A-Z0-9]{6,16}$/,
      },
      internal(0x001c),
      internal(0x001e),
    ],
  };
}

function encodeToken(type: string): Uint8Array {
  const file = new Uint8Array(TOKEN_FILE_SIZE_BYTES).fill(0x20);
  file.set(encoder.encode(type));
  return file;
}

function binary(id: number, content: Uint8Array, read: AccessCondition = 'free'): BinaryFile {
  return { kind: 'binary', id, sfi: id & 0x1f, content, read };
}

function internal(id: number): InternalFile {
  return { kind: 'internal', id, sfi: id & 0x1f };
}
