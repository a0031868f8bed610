import { createHash, createPublicKey, type JsonWebKey, verify, X509Certificate } from 'node:crypto';
import type { Tapped } from '../client/dialogues.ts';
import { fromBase64, myNumberPersonalisation } from './cards.ts';
import { expectThat } from './check.ts';

const STATEMENT = Buffer.from('header.payload');
const CERTIFICATE = Buffer.from(fromBase64(myNumberPersonalisation.authCertificate));

/** Judged by Node's own cryptography and by what was put into the card. @throws {LabError} `check_failed` */
export function expectTap({ certificate, signature }: Tapped): void {
  expectThat(certificate.toUpperCase() === CERTIFICATE.toString('hex').toUpperCase(), 'another certificate was read');
  const { n = '', e = '' } = myNumberPersonalisation.textKey as JsonWebKey;
  const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
  expectThat(verify('sha256', STATEMENT, key, Buffer.from(signature, 'hex')), 'the text application signed otherwise');
}

/** @throws {LabError} `check_failed` */
export function expectSignature(certificate: string, signature: string): void {
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'hex'));
  expectThat(verify('sha256', STATEMENT, publicKey, Buffer.from(signature, 'hex')), 'the signature does not verify');
}

/** A short name for bytes in a report. */
export const fingerprint = (hex: string): string =>
  createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex').slice(0, 12);
