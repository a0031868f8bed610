import type { Certificate } from '../contract/certificate.ts';
import type { CertificateStatus } from '../contract/certificate-status.ts';

/**
 * A status source that asks nobody: every certificate is good but the ones it is told of. Its answers carry the source
 * `simulated`, which ends up in every record made with them.
 */
export function createSimulatedStatus(options: {
  readonly now: () => Date;
  readonly isRevoked?: (certificate: Certificate) => boolean;
  /** Pretends that the source cannot be reached. */
  readonly isUnreachable?: () => boolean;
}): CertificateStatus {
  return {
    check(certificate) {
      const status = options.isUnreachable?.() ? 'unknown' : options.isRevoked?.(certificate) ? 'revoked' : 'good';
      return Promise.resolve({ status, source: 'simulated', checkedAt: options.now() });
    },
  };
}
