import type { CertificateStatus } from '../contract/certificate-status.ts';

/** Asks one source after the other until one knows; `unknown` when none does. The first that knows decides. */
export function createStatusInOrder(
  first: CertificateStatus,
  ...others: readonly CertificateStatus[]
): CertificateStatus {
  return {
    async check(certificate, issuer, at) {
      let answer = await first.check(certificate, issuer, at);
      for (const source of others) {
        if (answer.status !== 'unknown') break;
        answer = await source.check(certificate, issuer, at);
      }
      return answer;
    },
  };
}
