import type { KeyObject } from 'node:crypto';
import type { Bytes } from '../../contract/der.ts';
import { encodeHex } from '../../contract/hex.ts';
import { toPublicKey } from './certificate-key.ts';
import { type NameTemplate, createName } from './name-template.ts';
import { type Extension, X509CertificateGenerator } from './peculiar.ts';

/** A version 3 certificate before it is signed. */
export interface CertificateTemplate {
  /** Magnitude of the number, big endian; not zero. */
  readonly serialNumber: Uint8Array;
  readonly issuer: NameTemplate;
  readonly subject: NameTemplate;
  /** Whole seconds, as both dates are written. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** In the order they are to have. */
  readonly extensions: readonly Extension[];
}

/** The DER of a certificate (RFC 5280 §4.1), signed with SHA-256 by an RSA or P-256 key. */
export async function signCertificate(template: CertificateTemplate, issuerKey: CryptoKey): Promise<Bytes> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: encodeHex(template.serialNumber),
    issuer: createName(template.issuer),
    subject: createName(template.subject),
    notBefore: template.notBefore,
    notAfter: template.notAfter,
    publicKey: toPublicKey(template.publicKey),
    signingKey: issuerKey,
    extensions: [...template.extensions],
  });
  return new Uint8Array(certificate.rawData);
}
