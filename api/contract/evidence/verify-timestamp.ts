import { CertificateError } from '../certificate-error.ts';
import { EXTENSION_OID } from '../certificate-extensions.ts';
import { buildCertificatePath } from '../certificate-path.ts';
import { isSignedBy } from '../certificate-signature.ts';
import { parseCertificate, type Certificate } from '../certificate.ts';
import { DerReader, encodeDer, readWhole, TAG, type Bytes } from '../der.ts';
import { encodeOid, readOid } from '../der-values.ts';
import { isSameBytes } from './canonical-text.ts';
import { EvidenceError } from './errors.ts';
import { parseTimestampToken, type TimestampToken } from './rfc3161.ts';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const SHA256 = '2.16.840.1.101.3.4.2.1';

const HASHES = new Map([
  [SHA256, { name: 'SHA-256', withRsa: '1.2.840.113549.1.1.11' }],
  ['2.16.840.1.101.3.4.2.2', { name: 'SHA-384', withRsa: '1.2.840.113549.1.1.12' }],
  ['2.16.840.1.101.3.4.2.3', { name: 'SHA-512', withRsa: '1.2.840.113549.1.1.13' }],
]);

/** What a verified token proves: these bytes existed at that time, by the authority's clock. */
export interface VerifiedTimestamp {
  readonly time: Date;
  /** The authority's certificate. */
  readonly authority: Certificate;
}

/**
 * Verifies an RFC 3161 token over a SHA-256 digest: imprint, signature, the signed hash of the signing certificate
 * (RFC 5035 §4), its critical time-stamping purpose (RFC 3161 §2.3), and its path to a pinned anchor at that time.
 *
 * @throws {EvidenceError} `timestamp_malformed`, `timestamp_mismatch` (another digest or nonce), `timestamp_untrusted`
 */
export async function verifyTimestamp(
  token: Uint8Array<ArrayBuffer>,
  expected: { readonly digest: Uint8Array; readonly nonce?: Uint8Array; readonly anchors: readonly Certificate[] },
): Promise<VerifiedTimestamp> {
  try {
    const parsed = parseTimestampToken(token);
    const { hashOid, digest, nonce, time } = parsed.info;
    const isMeant =
      hashOid === SHA256 &&
      isSameBytes(digest, expected.digest) &&
      (!expected.nonce || (nonce && isSameBytes(nonce, expected.nonce)));
    if (!isMeant) throw new EvidenceError('timestamp_mismatch', 'the token is for something else');
    const authority = await findAuthority(parsed, expected.anchors);
    await requireSignature(parsed, authority);
    const intermediates = parsed.certificates.map(parseCertificate);
    await buildCertificatePath(authority, { anchors: expected.anchors, intermediates, at: time });
    return { time, authority };
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    const code = cause.code === 'certificate_malformed' ? 'timestamp_malformed' : 'timestamp_untrusted';
    throw new EvidenceError(code, cause.message, { cause });
  }
}

/** The certificate whose hash the authority signed, sent along or pinned; it may stamp time and nothing else. */
async function findAuthority(token: TimestampToken, anchors: readonly Certificate[]): Promise<Certificate> {
  const { hash, certHash } = readSigningCertificate(token);
  for (const certificate of [...token.certificates.map(parseCertificate), ...anchors]) {
    const found = new Uint8Array(await crypto.subtle.digest(hash, certificate.der));
    if (!isSameBytes(found, certHash)) continue;
    const isCritical = certificate.extensions.get(EXTENSION_OID.extendedKeyUsage)?.critical === true;
    const [purpose, ...others] = certificate.extendedKeyUsage;
    if (isCritical && purpose === TIME_STAMPING && others.length === 0) return certificate;
    throw untrusted('the certificate is not for time-stamping');
  }
  throw untrusted('the signing certificate is missing');
}

/** ESSCertIDv2 (RFC 5035 §4), or its older form with SHA-1 (RFC 2634 §5.4). */
function readSigningCertificate({ attributes }: TimestampToken): { readonly hash: string; readonly certHash: Bytes } {
  const newer = attributes.get(SIGNING_CERTIFICATE_V2)?.[0];
  const attribute = newer ?? attributes.get(SIGNING_CERTIFICATE)?.[0];
  if (!attribute) throw untrusted('no signed hash of the certificate');
  const id = new DerReader(attribute).enter(TAG.sequence).enter(TAG.sequence).enter(TAG.sequence);
  const algorithm = newer ? id.optional(TAG.sequence) : undefined;
  const oid = algorithm ? readOid(new DerReader(algorithm.value).next(TAG.oid)) : SHA256;
  const hash = newer ? HASHES.get(oid)?.name : 'SHA-1';
  if (!hash) throw untrusted('the certificate is named by an unknown hash');
  return { hash, certHash: id.next(TAG.octetString).value };
}

async function requireSignature(token: TimestampToken, { publicKey }: Certificate): Promise<void> {
  const { attributes, content, digestOid, toBeSigned, signature } = token;
  const hash = HASHES.get(digestOid);
  const type = attributes.get(CONTENT_TYPE)?.[0];
  const digestValue = attributes.get(MESSAGE_DIGEST)?.[0];
  const isTime = type && readOid(readWhole(type, TAG.oid)) === TST_INFO;
  if (!hash || !isTime || !digestValue) throw untrusted('signed attributes are missing');
  const messageDigest = readWhole(digestValue, TAG.octetString).value;
  const isContent = isSameBytes(messageDigest, new Uint8Array(await crypto.subtle.digest(hash.name, content)));
  const object = { toBeSigned, signatureAlgorithm: joinAlgorithm(token, hash.withRsa), signature };
  if (!isContent || !(await isSignedBy(object, publicKey))) throw untrusted('the signature does not verify');
}

/** CMS may name plain RSA and the hash beside it (RFC 3370 §3.2); certificates name both in one. */
function joinAlgorithm({ signatureAlgorithm }: TimestampToken, withRsa: string): Bytes {
  const oid = readOid(new DerReader(signatureAlgorithm).enter(TAG.sequence).next(TAG.oid));
  return oid === RSA_ENCRYPTION ? encodeDer(TAG.sequence, encodeOid(withRsa), encodeDer(TAG.null)) : signatureAlgorithm;
}

const untrusted = (detail: string) => new EvidenceError('timestamp_untrusted', detail);
