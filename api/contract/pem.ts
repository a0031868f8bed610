import { parseBase64 } from './encoding.ts';
import { type Bytes, malformed } from './der.ts';

/**
 * The certificates in a PEM file (RFC 7468 §5), in order; text between them is ignored.
 *
 * @throws CertificateError `certificate_malformed` when there is none, or one is not base64
 */
export function parsePemCertificates(text: string): readonly Bytes[] {
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g)];
  if (blocks.length === 0) throw malformed('no certificate in the text');
  try {
    return blocks.map(([, body = '']) => parseBase64(body.replaceAll(/\s+/g, '')));
  } catch (cause) {
    throw malformed('not base64', { cause });
  }
}
