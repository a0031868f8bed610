import {
  type BasicConstraints,
  EXTENSION_OID,
  type Extensions,
  type GeneralName,
  type KeyUsage,
  readAuthorityKeyId,
  readBasicConstraints,
  readDistributionPoints,
  readExtendedKeyUsage,
  readExtension,
  readExtensions,
  readGeneralNames,
  readKeyUsage,
  readPolicies,
} from './certificate-extensions.ts';
import { type Bytes, DerReader, TAG, contextTag, malformed, readWhole } from './der.ts';
import { readIntegerBytes, readOctetAlignedBits, readSmallInteger, readTime } from './der-values.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';
import { type PublicKeyInfo, readPublicKeyInfo } from './public-key-info.ts';

/** Something a CA signed: what was signed, with which AlgorithmIdentifier (DER), and the signature. */
export interface SignedObject {
  readonly toBeSigned: Bytes;
  readonly signatureAlgorithm: Bytes;
  readonly signature: Bytes;
}

/**
 * An X.509 version 3 certificate (RFC 5280 §4.1), parsed once and read from here on. Parsing trusts nothing: who issued
 * it and whether it holds is the question of `certificate-path.ts`.
 */
export interface Certificate extends SignedObject {
  readonly der: Bytes;
  /** Content octets of the INTEGER. The law restricts where those of JPKI certificates may be kept. */
  readonly serialNumber: Bytes;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: Extensions;
  readonly basicConstraints: BasicConstraints;
  /** Absent where the certificate does not restrict its key. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  readonly extendedKeyUsage: readonly string[];
  readonly policies: readonly string[];
  readonly subjectKeyId: Bytes | undefined;
  readonly authorityKeyId: Bytes | undefined;
  readonly subjectAltNames: readonly GeneralName[];
  readonly crlDistributionPoints: readonly GeneralName[];
}

/**
 * Parses one DER certificate, strictly: one encoding per value, nothing before, between or after.
 *
 * @throws CertificateError `certificate_malformed`
 */
export function parseCertificate(bytes: Uint8Array): Certificate {
  const whole = readWhole(bytes, TAG.sequence);
  const signed = readSignedObject(new DerReader(whole.value));
  const tbs = new DerReader(signed.toBeSigned).enter(TAG.sequence);

  const version = tbs.enter(contextTag(0));
  if (readSmallInteger(version.next(TAG.integer)) !== 2) throw malformed('not a version 3 certificate');
  version.end();
  const serialNumber = readIntegerBytes(tbs.next(TAG.integer));
  requireSameAlgorithm(tbs.next(TAG.sequence).raw, signed.signatureAlgorithm);
  const issuer = readName(tbs.next(TAG.sequence));
  const validity = tbs.enter(TAG.sequence);
  const notBefore = readTime(validity.next());
  const notAfter = readTime(validity.next());
  validity.end();
  const subject = readName(tbs.next(TAG.sequence));
  const publicKey = readPublicKeyInfo(tbs.next(TAG.sequence));
  tbs.optional(contextTag(1, 'primitive'));
  tbs.optional(contextTag(2, 'primitive'));
  const list = tbs.enter(contextTag(3));
  tbs.end();
  const extensions = readExtensions(list.enter(TAG.sequence));
  list.end();

  return {
    der: whole.raw,
    ...signed,
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    extensions,
    ...readKnownExtensions(extensions),
  };
}

function readKnownExtensions(extensions: Extensions) {
  const oid = EXTENSION_OID;
  return {
    basicConstraints: readExtension(extensions, oid.basicConstraints, readBasicConstraints) ?? { isCa: false },
    keyUsage: readExtension(extensions, oid.keyUsage, readKeyUsage),
    extendedKeyUsage: readExtension(extensions, oid.extendedKeyUsage, readExtendedKeyUsage) ?? [],
    policies: readExtension(extensions, oid.certificatePolicies, readPolicies) ?? [],
    subjectKeyId: readExtension(extensions, oid.subjectKeyIdentifier, (c) => c.next(TAG.octetString).value),
    authorityKeyId: readExtension(extensions, oid.authorityKeyIdentifier, readAuthorityKeyId),
    subjectAltNames:
      readExtension(extensions, oid.subjectAltName, (c) => readGeneralNames(c.enter(TAG.sequence))) ?? [],
    crlDistributionPoints: readExtension(extensions, oid.crlDistributionPoints, readDistributionPoints) ?? [],
  };
}

/** The three parts that certificates and revocation lists share (RFC 5280 §4.1.1, §5.1.1). */
export function readSignedObject(content: DerReader): SignedObject {
  const toBeSigned = content.next(TAG.sequence).raw;
  const signatureAlgorithm = content.next(TAG.sequence).raw;
  const signature = readOctetAlignedBits(content.next(TAG.bitString));
  content.end();
  return { toBeSigned, signatureAlgorithm, signature };
}

/** RFC 5280 §4.1.1.2: the algorithm outside the signature must be the one inside it. */
export function requireSameAlgorithm(inside: Bytes, outside: Bytes): void {
  if (!isSameBytes(inside, outside)) throw malformed('two different signature algorithms');
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
