import type { KeyObject } from 'node:crypto';
import { EXTENSION_OID, type KeyUsage } from '../../contract/certificate-extensions.ts';
import { TAG, encodeDer, readWhole } from '../../contract/der.ts';
import { encodeOid } from '../../contract/der-values.ts';
import { encodeUtf8 } from '../../contract/encoding.ts';
import { type HpkiRole, encodeHpkiRole } from '../../contract/hpki-role.ts';
import { toPublicKey } from './certificate-key.ts';
import { type NameTemplate, createName, directoryNames } from './name-template.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
} from './peculiar.ts';

/** Critical, without a path length, as on the real authorities. */
export const authorityConstraints = (): Extension => new BasicConstraintsExtension(true, undefined, true);

/** Critical. */
export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  const flags = usages.reduce((sum, usage) => sum | KeyUsageFlags[usage], 0);
  return new KeyUsagesExtension(flags, true);
}

/** Critical. */
export const policies = (...oids: readonly string[]): Extension => new CertificatePolicyExtension([...oids], true);

/** id-qt-cps: a qualifier that says where the practice statement is (RFC 5280 §4.2.1.4). */
const PRACTICE_STATEMENT_OID = '1.3.6.1.5.5.7.2.1';

/** Critical. Put together here: the library has no generator for qualifiers. */
export function policiesWithStatement(statementUrl: string, ...oids: readonly string[]): Extension {
  const uri = encodeDer(TAG.ia5String, encodeUtf8(statementUrl));
  const qualifiers = encodeDer(TAG.sequence, encodeDer(TAG.sequence, encodeOid(PRACTICE_STATEMENT_OID), uri));
  const information = oids.map((oid) => encodeDer(TAG.sequence, encodeOid(oid), qualifiers));
  return new Extension(EXTENSION_OID.certificatePolicies, true, encodeDer(TAG.sequence, ...information));
}

/** The SHA-1 of the key's octets (RFC 5280 §4.2.1.2 (1)), as the real authorities name keys: a name, not a proof. */
export const subjectKeyId = (key: KeyObject): Promise<Extension> =>
  SubjectKeyIdentifierExtension.create(toPublicKey(key));

/**
 * Which certificate the issuer has, by key and by who issued it under which number (RFC 5280 §4.2.1.1), as HPKI says it.
 * The library writes either; this joins what it wrote.
 */
export function authorityKeyId(issuer: X509Certificate): Extension {
  const keyId = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  if (keyId === undefined) throw new TypeError('an issuer whose certificate names its key');
  const name = directoryNames(issuer.issuerName);
  const parts = [
    new AuthorityKeyIdentifierExtension(keyId),
    new AuthorityKeyIdentifierExtension({ name, serialNumber: issuer.serialNumber }),
  ].map(({ value }) => readWhole(new Uint8Array(value), TAG.sequence).value);
  return new Extension(EXTENSION_OID.authorityKeyIdentifier, false, encodeDer(TAG.sequence, ...parts));
}

/** A second name of the subject, in its own writing. */
export const subjectDirectoryName = (name: NameTemplate): Extension =>
  new Extension(EXTENSION_OID.subjectAltName, false, directoryNames(createName(name)).rawData);

/** The same for the issuer. */
export const issuerDirectoryName = (name: NameTemplate): Extension =>
  new Extension(EXTENSION_OID.issuerAltName, false, directoryNames(createName(name)).rawData);

/** The role of an HPKI holder: nobody's library knows its syntax (ISO 17090-2), so the value is ours. */
export const healthcareRole = (role: HpkiRole): Extension =>
  new Extension(EXTENSION_OID.subjectDirectoryAttributes, false, encodeHpkiRole(role));
