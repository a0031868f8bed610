import { digestBase64Url, parseBase64 } from '../contract/encoding.ts';
import { Problem } from '../contract/problem.ts';

/** The certificate's bytes. @throws {Problem} `certificate_malformed` */
export function readCertificate(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return parseBase64(base64);
  } catch (cause) {
    throw new Problem('certificate_malformed', 'not base64', { cause });
  }
}

/** @throws {Problem} `presence_certificate_mismatch` when the card signed the hash of another certificate */
export function requireNamed(certHash: string, certificate: Uint8Array): void {
  if (digestBase64Url(certificate) !== certHash) {
    throw new Problem('presence_certificate_mismatch', 'the proof names another certificate');
  }
}
