import { type Certificate, parseCertificate } from './certificate.ts';
import { type CertificatePath, buildCertificatePath } from './certificate-path.ts';
import { type CertificateProfile, type PolicyWorld, requireProfile } from './certificate-profile.ts';

/** 利用者証明用電子証明書: the certificate whose key signs presence. It names nobody. */
export const JPKI_AUTHENTICATION: CertificateProfile = {
  keyUsage: ['digitalSignature'],
  // The test policy is inferred from the pattern of the signing certificates; no public document states it.
  policies: { production: ['1.2.392.200149.8.5.1.3.30'], test: ['1.2.392.200149.8.5.1.2.30'] },
};

/** 署名用電子証明書: names its holder. */
export const JPKI_SIGNATURE: CertificateProfile = {
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  policies: { production: ['1.2.392.200149.8.5.1.1.20'], test: ['1.2.392.200149.8.5.1.0.20'] },
};

export interface JpkiOptions {
  /** Pinned CA certificates, every generation that still has living cards. */
  readonly anchors: readonly Certificate[];
  readonly world: PolicyWorld;
  readonly at: Date;
  /** The authentication profile when left out. */
  readonly profile?: CertificateProfile;
}

/** A JPKI certificate whose path, dates, use and policy hold at the asked instant. Revocation is not included. */
export interface JpkiCertificate {
  readonly certificate: Certificate;
  /** The CA generation that issued it: revocation is asked of this one. */
  readonly issuer: Certificate;
  readonly path: CertificatePath;
}

/**
 * Verifies a certificate read from a My Number Card.
 *
 * @throws CertificateError `certificate_malformed`, `certificate_expired`, `certificate_not_yet_valid`,
 * `certificate_untrusted`, `certificate_wrong_profile`, `certificate_wrong_policy`
 */
export async function verifyJpkiCertificate(der: Uint8Array, options: JpkiOptions): Promise<JpkiCertificate> {
  const certificate = parseCertificate(der);
  // JPKI certification authorities are self-signed: no intermediate is ever accepted.
  const path = await buildCertificatePath(certificate, { anchors: options.anchors, at: options.at });
  requireProfile(certificate, options.profile ?? JPKI_AUTHENTICATION, options.world);
  const issuer = path.certificates.at(-1) ?? certificate;
  return { certificate, issuer, path };
}
