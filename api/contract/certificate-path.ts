import { type Certificate, isSameBytes } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import { EXTENSION_OID } from './certificate-extensions.ts';
import { isSignedBy } from './certificate-signature.ts';

/** A verified path: the end entity first, then each one's issuer, the pinned anchor last. */
export interface CertificatePath {
  readonly certificates: readonly [Certificate, ...Certificate[]];
}

export interface PathOptions {
  /** Pinned CA certificates. Pinned by their bytes: a certificate equal to none of them ends no path. */
  readonly anchors: readonly Certificate[];
  /** CA certificates that came along, from a card or an `x5c` header; not trusted. */
  readonly intermediates?: readonly Certificate[];
  /** The instant for which the answer is wanted. */
  readonly at: Date;
}

/** The MHLW hierarchy is three high; the limit only stops a crafted pile of certificates. */
const MAXIMUM_CERTIFICATES = 6;

/** Extensions whose meaning is checked here or in the profiles; any other that is critical refuses the path (RFC 5280 §4.2). */
const UNDERSTOOD = new Set<string>([
  EXTENSION_OID.basicConstraints,
  EXTENSION_OID.keyUsage,
  EXTENSION_OID.certificatePolicies,
  EXTENSION_OID.extendedKeyUsage,
  EXTENSION_OID.subjectAltName,
]);

/**
 * Builds and verifies the path from a certificate to an anchor (RFC 5280 §6.1, without policy mapping and name constraints).
 *
 * An issuer is chosen by key: three JPKI CA generations share one name, so a candidate counts only when its key made the
 * signature. The key identifiers narrow the search; the names must chain as well but decide nothing. Revocation is another
 * question, see `certificate-status.ts`.
 *
 * @throws CertificateError `certificate_expired`, `certificate_not_yet_valid`, `certificate_untrusted`, `certificate_wrong_profile`
 */
export async function buildCertificatePath(leaf: Certificate, options: PathOptions): Promise<CertificatePath> {
  const candidates = [...options.anchors, ...(options.intermediates ?? [])];
  const certificates: [Certificate, ...Certificate[]] = [leaf];
  for (let current = leaf; ;) {
    requireUsable(current, options.at);
    if (options.anchors.some((anchor) => isSameBytes(anchor.der, current.der))) return { certificates };
    if (certificates.length === MAXIMUM_CERTIFICATES) throw untrusted('the path is too long');
    const issuer = await findIssuer(current, candidates, certificates);
    requireMayIssue(issuer, certificates.length - 1);
    certificates.push(issuer);
    current = issuer;
  }
}

async function findIssuer(
  certificate: Certificate,
  candidates: readonly Certificate[],
  used: readonly Certificate[],
): Promise<Certificate> {
  const { authorityKeyId } = certificate;
  for (const candidate of candidates) {
    const isOtherKey = authorityKeyId && candidate.subjectKeyId && !isSameBytes(authorityKeyId, candidate.subjectKeyId);
    if (isOtherKey || used.includes(candidate)) continue;
    if (!isSameBytes(certificate.issuer.raw, candidate.subject.raw)) continue;
    if (await isSignedBy(certificate, candidate.publicKey)) return candidate;
  }
  throw untrusted('no known key made its signature');
}

function requireUsable(certificate: Certificate, at: Date): void {
  if (at < certificate.notBefore) throw new CertificateError('certificate_not_yet_valid', 'its validity begins later');
  if (at > certificate.notAfter) throw new CertificateError('certificate_expired', 'its validity has ended');
  for (const [oid, { critical }] of certificate.extensions) {
    if (critical && !UNDERSTOOD.has(oid)) {
      throw new CertificateError('certificate_wrong_profile', `critical extension ${oid} is not understood`);
    }
  }
}

/** RFC 5280 §6.1.4 (k) to (n). */
function requireMayIssue(issuer: Certificate, certificatesBelow: number): void {
  const { isCa, pathLength } = issuer.basicConstraints;
  if (!isCa) throw untrusted('its issuer is not a certification authority');
  if (issuer.keyUsage && !issuer.keyUsage.has('keyCertSign')) throw untrusted('its issuer may not sign certificates');
  if (pathLength !== undefined && certificatesBelow > pathLength)
    throw untrusted('its issuer allows a shorter path only');
}

function untrusted(detail: string): CertificateError {
  return new CertificateError('certificate_untrusted', detail);
}
