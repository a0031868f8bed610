import type { Certificate } from './certificate.ts';
import type { PolicyWorld } from './certificate-profile.ts';
import { requireGoodStatus, type CertificateStatus } from './certificate-status.ts';
import { verifyJpkiCertificate } from './jpki-certificate.ts';

/** Whom a deployment trusts about My Number Cards' authentication certificates. */
export interface CardTrust {
  /** Pinned CA certificates, every generation that still has living cards. */
  readonly anchors: readonly Certificate[];
  readonly world: PolicyWorld;
  readonly status: CertificateStatus;
}

/**
 * Path, profile and policy as of one instant, revocation as of now: what was revoked since is refused too.
 *
 * @throws CertificateError
 */
export async function requireCardCertificate(
  der: Uint8Array,
  trust: CardTrust,
  { at, now }: { readonly at: Date; readonly now: Date },
): Promise<Certificate> {
  const { certificate, path } = await verifyJpkiCertificate(der, { ...trust, at });
  await requireGoodStatus(path, trust.status, now);
  return certificate;
}
