import { type Certificate, parseCertificate } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import { EXTENSION_OID } from './certificate-extensions.ts';
import { type CertificatePath, buildCertificatePath } from './certificate-path.ts';
import { type CertificateProfile, type PolicyWorld, requireProfile } from './certificate-profile.ts';
import { NAME_OID, nameAttribute } from './distinguished-name.ts';
import { JHPKI_CODED_DATA_OID, type HpkiRole, parseHpkiRole } from './hpki-role.ts';

/** HPKI certificate for electronic signatures: its key signs what a licensed person answers for, and nothing else. */
export const HPKI_SIGNATURE: CertificateProfile = {
  keyUsage: ['nonRepudiation'],
  policies: { production: ['1.2.392.100495.1.5.1.1.3.1'], test: ['1.2.392.100495.1.5.1.1.0.1'] },
};

/** HPKI certificate for logging in. The test policy follows the pattern of the signing certificates. */
export const HPKI_AUTHENTICATION: CertificateProfile = {
  keyUsage: ['digitalSignature'],
  policies: { production: ['1.2.392.100495.1.5.1.2.3.1'], test: ['1.2.392.100495.1.5.1.2.0.1'] },
};

export interface HpkiOptions {
  /** The pinned root of the ministry. Subordinate CAs are not pinned; they come with the signature. */
  readonly anchors: readonly Certificate[];
  readonly world: PolicyWorld;
  readonly at: Date;
  /** Role texts that may do what is asked, compared exactly; any role when left out. */
  readonly allowedRoles?: readonly string[];
  /** The signature profile when left out. */
  readonly profile?: CertificateProfile;
}

/** Who holds an HPKI card, in the certificate's own words. */
export interface HpkiHolder {
  /** Common name in Latin letters. */
  readonly name: string;
  /** Name in Japanese, when the certificate has one. */
  readonly nameJa?: string;
  readonly organisation?: string;
  readonly organisationJa?: string;
  /** Subject serial number: the registration with the issuer. */
  readonly registration?: string;
}

/** An HPKI certificate whose path, dates, use, policy and role hold at the asked instant. Revocation is not included. */
export interface HpkiCertificate {
  readonly certificate: Certificate;
  readonly path: CertificatePath;
  readonly role: HpkiRole;
  readonly holder: HpkiHolder;
}

/**
 * Verifies an HPKI certificate with the chain that came along, end entity first, as `x5c` carries it (RFC 7515 §4.1.6).
 * The root may be in the chain or not; only the pinned one counts.
 *
 * @throws CertificateError every code but `certificate_revoked` and `certificate_status_unknown`
 */
export async function verifyHpkiCertificate(
  chain: readonly [Uint8Array, ...Uint8Array[]],
  options: HpkiOptions,
): Promise<HpkiCertificate> {
  const [leaf, ...rest] = chain;
  const certificate = parseCertificate(leaf);
  const intermediates = rest.map(parseCertificate);
  const path = await buildCertificatePath(certificate, { anchors: options.anchors, intermediates, at: options.at });
  requireProfile(certificate, options.profile ?? HPKI_SIGNATURE, options.world);
  const role = readRole(certificate);
  if (options.allowedRoles && !options.allowedRoles.includes(role.text)) {
    throw new CertificateError('hpki_role_not_allowed', 'the holder has another role');
  }
  return { certificate, path, role, holder: readHolder(certificate) };
}

/** @throws CertificateError `hpki_role_missing`, `certificate_malformed` */
export function readRole(certificate: Certificate): HpkiRole {
  const extension = certificate.extensions.get(EXTENSION_OID.subjectDirectoryAttributes);
  const role = extension && parseHpkiRole(extension.value);
  if (!role) throw new CertificateError('hpki_role_missing', 'the certificate states no role');
  // A text out of another list may look the same and mean something else.
  if (role.codingScheme !== JHPKI_CODED_DATA_OID)
    throw new CertificateError('hpki_role_missing', 'not a national role');
  return role;
}

/** What a certificate says of its holder. Nothing is verified: for showing who is about to sign. */
export function readHolder({ subject, subjectAltNames }: Certificate): HpkiHolder {
  const japanese = subjectAltNames.find((name) => name.directoryName)?.directoryName;
  const nameJa = japanese && nameAttribute(japanese, NAME_OID.commonName);
  const organisation = nameAttribute(subject, NAME_OID.organisation);
  const organisationJa = japanese && nameAttribute(japanese, NAME_OID.organisation);
  const registration = nameAttribute(subject, NAME_OID.serialNumber);
  return {
    name: nameAttribute(subject, NAME_OID.commonName) ?? '',
    ...(nameJa !== undefined && { nameJa }),
    ...(organisation !== undefined && { organisation }),
    ...(organisationJa !== undefined && { organisationJa }),
    ...(registration !== undefined && { registration }),
  };
}
