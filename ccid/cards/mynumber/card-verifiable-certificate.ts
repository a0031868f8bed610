import { type CardPublicKey, importCardPublicKey, parseCardPublicKey } from './card-public-key.ts';
import { openTemplate, parseRecord, requireTlv } from './parse-record.ts';

/** Which key signed or is certified: sixteen bytes, and the two groups of digits in them. */
export interface CardKeyIdentifier {
  readonly bytes: Uint8Array;
  /** `5000033` is the CA of the text application, `5000023` of the surface application, `60000xx` are test CAs. */
  readonly number: string;
  readonly group: string;
}

/** A card-verifiable certificate (EF 0004 of the text and surface applications): says whose key signs the card's records. */
export interface CardVerifiableCertificate {
  readonly issuer: CardKeyIdentifier;
  readonly subject: CardKeyIdentifier;
  readonly publicKey: CardPublicKey;
  /** The 297 bytes that the CA signed with RSASSA-PKCS1-v1_5 and SHA-256. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

const KEY_ID_SIZE_BYTES = 16;
const BODY_SIZE_BYTES = 297;
const SIGNATURE_SIZE_BYTES = 256;

/**
 * `7F21 { 5F4E (issuer, subject, key), 5F37 signature }`.
 *
 * @throws {CardError} `wrong_data`
 */
export function parseCardVerifiableCertificate(bytes: Uint8Array): CardVerifiableCertificate {
  return parseRecord('not a card-verifiable certificate', () => {
    const objects = openTemplate(bytes, 0x7f21);
    const body = requireTlv(objects, 0x5f4e);
    const signature = requireTlv(objects, 0x5f37);
    if (body.length !== BODY_SIZE_BYTES || signature.length !== SIGNATURE_SIZE_BYTES) throw new RangeError('sizes');
    return {
      issuer: parseKeyIdentifier(body.subarray(0, KEY_ID_SIZE_BYTES)),
      subject: parseKeyIdentifier(body.subarray(KEY_ID_SIZE_BYTES, 2 * KEY_ID_SIZE_BYTES)),
      publicKey: parseCardPublicKey(body.subarray(2 * KEY_ID_SIZE_BYTES)),
      signedBytes: body,
      signature,
    };
  });
}

/** Whether the CA key signed the certificate. The key must come from configuration, never from a card. */
export async function verifyCardVerifiableCertificate(
  certificate: CardVerifiableCertificate,
  caKey: CardPublicKey,
): Promise<boolean> {
  return verifyCardSignature(caKey, certificate.signature, certificate.signedBytes);
}

/** An RSASSA-PKCS1-v1_5 signature with SHA-256 under a card's or issuer's key. */
export async function verifyCardSignature(
  key: CardPublicKey,
  signature: Uint8Array,
  signedBytes: Uint8Array,
): Promise<boolean> {
  const cryptoKey = await importCardPublicKey(key);
  return crypto.subtle.verify('RSASSA-PKCS1-v1_5', cryptoKey, new Uint8Array(signature), new Uint8Array(signedBytes));
}

/** Seven digits, two bytes, three digits, four bytes. */
function parseKeyIdentifier(bytes: Uint8Array): CardKeyIdentifier {
  const text = String.fromCharCode(...bytes);
  const number = text.slice(0, 7);
  const group = text.slice(9, 12);
  if (!/^\d{7}$/.test(number) || !/^\d{3}$/.test(group)) throw new RangeError('key identifier without digits');
  return { bytes, number, group };
}
