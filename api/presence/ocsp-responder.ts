import { type Certificate, isSameBytes } from '../contract/certificate.ts';
import { EXTENSION_OID } from '../contract/certificate-extensions.ts';
import { isSignedBy } from '../contract/certificate-signature.ts';
import { hashResponderKey, type OcspResponse } from '../contract/ocsp.ts';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const NO_CHECK = '1.3.6.1.5.5.7.48.1.5';
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION_OID.basicConstraints,
  EXTENSION_OID.keyUsage,
  EXTENSION_OID.extendedKeyUsage,
  NO_CHECK,
]);

/**
 * Whether the signer may speak for this CA (RFC 6960 §4.2.2.2): the CA itself, or a responder that the CA certified for
 * nothing else, whose certificate holds now and needs no revocation check of its own.
 */
export async function isAuthorised(response: OcspResponse, issuer: Certificate, now: Date): Promise<boolean> {
  if (await isNamed(response, issuer)) return isSignedBy(response, issuer.publicKey);
  for (const candidate of response.certificates) {
    if (!(await isNamed(response, candidate)) || !isResponder(candidate, now)) continue;
    const isIssued = isSameBytes(candidate.issuer.raw, issuer.subject.raw);
    if (isIssued && (await isSignedBy(candidate, issuer.publicKey))) return isSignedBy(response, candidate.publicKey);
  }
  return false;
}

async function isNamed({ responder }: OcspResponse, candidate: Certificate): Promise<boolean> {
  return responder.kind === 'name'
    ? isSameBytes(responder.raw, candidate.subject.raw)
    : isSameBytes(responder.hash, await hashResponderKey(candidate));
}

function isResponder(certificate: Certificate, now: Date): boolean {
  const { keyUsage, extendedKeyUsage, extensions, notBefore, notAfter, basicConstraints } = certificate;
  if (basicConstraints.isCa || now < notBefore || now > notAfter) return false;
  if (extendedKeyUsage.length !== 1 || extendedKeyUsage[0] !== OCSP_SIGNING) return false;
  if (keyUsage && !keyUsage.has('digitalSignature')) return false;
  const isForeign = [...extensions].some(([oid, { critical }]) => critical && !UNDERSTOOD.has(oid));
  return !isForeign && extensions.has(NO_CHECK);
}
