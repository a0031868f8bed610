import { concatBytes } from '../../iso7816/bytes.ts';
import type { RsaPublicJwk } from '../personalisation.ts';
import { encodeCardPublicKey } from './rsa-public-key.ts';
import { writeTlv } from './tlv-writer.ts';

/** Names a key in a card-verifiable certificate: seven digits and three digits. */
export interface KeyIdentifier {
  /** `5000033` is the production CA of the text application, `5000023` of the surface application; `60000xx` are test CAs. */
  readonly number: string;
  readonly group: string;
}

const encoder = new TextEncoder();

/** The sixteen bytes of a key identifier: number, `08 05`, group, four zero bytes. */
export function encodeKeyIdentifier({ number, group }: KeyIdentifier): Uint8Array<ArrayBuffer> {
  if (!/^\d{7}$/.test(number) || !/^\d{3}$/.test(group)) throw new RangeError('seven digits and three digits');
  return concatBytes(encoder.encode(number), Uint8Array.of(0x08, 0x05), encoder.encode(group), new Uint8Array(4));
}

/** What a card-verifiable certificate says. */
export interface VerifiableCertificateContent {
  readonly issuer: KeyIdentifier;
  readonly subject: KeyIdentifier;
  readonly publicKey: RsaPublicJwk;
}

/** The 297 bytes that the issuer signs (RSASSA-PKCS1-v1_5 with SHA-256): both identifiers and the key. */
export function encodeVerifiableCertificateBody(content: VerifiableCertificateContent): Uint8Array<ArrayBuffer> {
  return concatBytes(
    encodeKeyIdentifier(content.issuer),
    encodeKeyIdentifier(content.subject),
    encodeCardPublicKey(content.publicKey),
  );
}

/** EF 0004 of the text and surface applications: `7F21 { 5F4E body, 5F37 signature }`. */
export function encodeVerifiableCertificate(body: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeTlv(0x7f21, writeTlv(0x5f4e, body), writeTlv(0x5f37, signature));
}
