import { type Certificate, isSameBytes } from '../contract/certificate.ts';
import { CertificateError } from '../contract/certificate-error.ts';
import type { CertificateStatus, StatusAnswer } from '../contract/certificate-status.ts';
import {
  createCertificateId,
  encodeOcspRequest,
  findStatus,
  type OcspResponse,
  type OcspStatus,
  parseOcspResponse,
} from '../contract/ocsp.ts';
import { type DownloadOptions, downloadList } from './list-download.ts';
import { isAuthorised } from './ocsp-responder.ts';

export interface OcspStatusOptions extends DownloadOptions {
  readonly now: () => Date;
  /** Fresh random bytes for each question. */
  readonly fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Where the responder for a certificate is; `undefined` when nobody may be asked. */
  readonly locate: (certificate: Certificate, issuer: Certificate) => string | undefined;
}

const NONCE_SIZE_BYTES = 32;
/** An answer about one certificate with its signer's certificate; anything larger is none. */
const MAXIMUM_SIZE_BYTES = 64 * 1024;
/** Clocks of authorities run a little ahead; an answer without an end is of the moment. */
const TOLERANCE_MS = 5 * 60 * 1000;

/**
 * Revocation by question and answer (RFC 6960). An answer is believed when it echoes the nonce of its question, somebody
 * who may speak for the CA signed it, and now lies in its window. Anything else is `unknown`, never `good`; nothing is kept.
 */
export function createOcspStatus(options: OcspStatusOptions): CertificateStatus {
  const { now, fillRandom, locate } = options;

  async function ask(url: string, certificate: Certificate, issuer: Certificate): Promise<OcspStatus | undefined> {
    const id = await createCertificateId(certificate, issuer);
    const nonce = new Uint8Array(NONCE_SIZE_BYTES);
    fillRandom(nonce);
    const answer = await downloadList(
      url,
      { ...options, maximumSizeBytes: MAXIMUM_SIZE_BYTES },
      {
        method: 'POST',
        body: encodeOcspRequest(id, nonce),
        headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      },
    );
    const response = parseOrNothing(answer);
    if (!response?.nonce || !isSameBytes(response.nonce, nonce)) return undefined;
    const status = findStatus(response, id);
    if (!status || hasForeignExtension(response, status) || !isCurrent(response, status, now())) return undefined;
    return (await isAuthorised(response, issuer, now())) ? status : undefined;
  }

  return {
    async check(certificate, issuer, at): Promise<StatusAnswer> {
      const source = locate(certificate, issuer);
      const found = source === undefined ? undefined : await ask(source, certificate, issuer);
      if (source === undefined || !found || found.status === 'unknown') {
        return { status: 'unknown', source: source ?? 'none', checkedAt: now() };
      }
      const isRevoked = found.revokedAt !== undefined && found.revokedAt <= at;
      return { status: isRevoked ? 'revoked' : 'good', source, checkedAt: found.thisUpdate };
    },
  };
}

/** RFC 6960 §4.2.2.1 */
function isCurrent({ producedAt }: OcspResponse, { thisUpdate, nextUpdate }: OcspStatus, now: Date): boolean {
  const latest = now.getTime() + TOLERANCE_MS;
  if (thisUpdate.getTime() > latest || producedAt.getTime() > latest) return false;
  if (nextUpdate) return now <= nextUpdate;
  return now.getTime() - thisUpdate.getTime() <= TOLERANCE_MS;
}

function hasForeignExtension(response: OcspResponse, status: OcspStatus): boolean {
  return [...response.extensions.values(), ...status.extensions.values()].some(({ critical }) => critical);
}

function parseOrNothing(bytes: Uint8Array | undefined): OcspResponse | undefined {
  try {
    return bytes && parseOcspResponse(bytes);
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
