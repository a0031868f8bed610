/** Every way a certificate can fail to be what the caller needs. Stable: applications switch on them. */
export const CERTIFICATE_ERROR_CODES = [
  'certificate_malformed',
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_untrusted',
  'certificate_revoked',
  'certificate_status_unknown',
  'certificate_wrong_profile',
  'certificate_wrong_policy',
  'hpki_role_missing',
  'hpki_role_not_allowed',
] as const;
export type CertificateErrorCode = (typeof CERTIFICATE_ERROR_CODES)[number];

/** A certificate, a list of revoked ones or a path between them was refused. The message holds no name and no serial number. */
export class CertificateError extends Error {
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'CertificateError';
    this.code = code;
  }
}
