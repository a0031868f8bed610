import { type KeyObject, createHash, sign } from 'node:crypto';
import { type Bytes, TAG, contextTag, encodeDer } from '../../contract/der.ts';
import { encodeOid } from '../../contract/der-values.ts';
import { bitString, integer, sequence, time } from './der-writer.ts';
import { type NameTemplate, encodeName } from './name-writer.ts';

/** A version 3 certificate before it is signed. */
export interface CertificateTemplate {
  /** Magnitude of the number, big endian. */
  readonly serialNumber: Uint8Array;
  readonly issuer: NameTemplate;
  readonly subject: NameTemplate;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** Encoded extensions, in the order they are to have. */
  readonly extensions: readonly Bytes[];
}

/** The DER of a certificate (RFC 5280 §4.1), signed with SHA-256 by an RSA or EC key. */
export function encodeCertificate(template: CertificateTemplate, issuerKey: KeyObject): Bytes {
  const toBeSigned = sequence(
    encodeDer(contextTag(0), integer(Uint8Array.of(2))),
    integer(template.serialNumber),
    signatureAlgorithm(issuerKey),
    encodeName(template.issuer),
    sequence(time(template.notBefore), time(template.notAfter)),
    encodeName(template.subject),
    encodePublicKey(template.publicKey),
    encodeDer(contextTag(3), sequence(...template.extensions)),
  );
  return signObject(toBeSigned, issuerKey);
}

/** What certificates and lists have in common: the signed part, how, and the signature. */
export function signObject(toBeSigned: Uint8Array, key: KeyObject): Bytes {
  return sequence(toBeSigned, signatureAlgorithm(key), bitString(sign('sha256', toBeSigned, key)));
}

/** sha256WithRSAEncryption with NULL parameters, or ecdsa-with-SHA256 without any. */
export function signatureAlgorithm(key: KeyObject): Bytes {
  return key.asymmetricKeyType === 'ec'
    ? sequence(encodeOid('1.2.840.10045.4.3.2'))
    : sequence(encodeOid('1.2.840.113549.1.1.11'), encodeDer(TAG.null));
}

export function encodePublicKey(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' });
}

/** A key identifier: the first twenty octets of the SHA-256 of the key (RFC 7093 §2). */
export function keyIdentifier(key: KeyObject): Uint8Array {
  return createHash('sha256').update(encodePublicKey(key)).digest().subarray(0, 20);
}
