import type { Certificate } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import type { CertificatePath } from './certificate-path.ts';

/** What a source of revocation knows about one certificate at one instant. */
export interface StatusAnswer {
  /** `unknown` covers everything that is not a current, verified answer. Callers refuse on it. */
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Who answered: a list's address, a responder's, or `simulated`. For the record, not for decisions. */
  readonly source: string;
  /** When the knowledge is from: thisUpdate of the list, or the time of the answer. */
  readonly checkedAt: Date;
}

/**
 * Tells whether a certificate is revoked. Only certified verifiers may ask J-LIS about JPKI certificates, so a deployment
 * plugs in what it is allowed to use; without anything the answer is `unknown`.
 */
export interface CertificateStatus {
  /** Never rejects because of the world: a list that cannot be had makes `unknown`. `issuer` must come from a verified path. */
  check(certificate: Certificate, issuer: Certificate, at: Date): Promise<StatusAnswer>;
}

/**
 * Asks about every certificate of a path below its anchor; the first answer is the end entity's.
 *
 * @throws CertificateError `certificate_revoked`, `certificate_status_unknown`
 */
export async function requireGoodStatus(
  path: CertificatePath,
  status: CertificateStatus,
  at: Date,
): Promise<readonly StatusAnswer[]> {
  const pairs = path.certificates
    .slice(0, -1)
    .map((certificate, i) => [certificate, path.certificates[i + 1]] as const);
  const answers = await Promise.all(
    pairs.map(([certificate, issuer = certificate]) => status.check(certificate, issuer, at)),
  );
  if (answers.some((answer) => answer.status === 'revoked'))
    throw new CertificateError('certificate_revoked', 'revoked');
  if (answers.some((answer) => answer.status !== 'good')) {
    throw new CertificateError('certificate_status_unknown', 'no current answer about revocation');
  }
  return answers;
}
