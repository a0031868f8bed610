import { type Certificate, isSameBytes, parseCertificate, type SignedObject } from './certificate.ts';
import { type Extensions, readExtension, readExtensions } from './certificate-extensions.ts';
import { type Bytes, contextTag, DerReader, encodeDer, malformed, readWhole, TAG } from './der.ts';
import {
  encodeOid,
  readIntegerBytes,
  readOctetAlignedBits,
  readOid,
  readSmallInteger,
  readTime,
} from './der-values.ts';

const OID = {
  basicResponse: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  sha1: '1.3.14.3.2.26',
} as const;

/** Which certificate is asked about (RFC 6960 §4.1.1); `raw` is how it is compared. */
export interface CertificateId {
  readonly raw: Bytes;
}

/**
 * Names a certificate by its issuer and number. SHA-1, because small responders know nothing else (RFC 5019 §2.1.1); it
 * finds an entry and proves nothing.
 */
export async function createCertificateId(certificate: Certificate, issuer: Certificate): Promise<CertificateId> {
  const algorithm = encodeDer(TAG.sequence, encodeOid(OID.sha1), encodeDer(TAG.null));
  const nameHash = await digestSha1(issuer.subject.raw);
  const raw = encodeDer(
    TAG.sequence,
    algorithm,
    encodeDer(TAG.octetString, nameHash),
    encodeDer(TAG.octetString, await hashResponderKey(issuer)),
    encodeDer(TAG.integer, certificate.serialNumber),
  );
  return { raw };
}

/** SHA-1 of the subjectPublicKey bits: how requests name issuers and answers name responders. */
export function hashResponderKey({ publicKey }: Certificate): Promise<Bytes> {
  const info = new DerReader(readWhole(publicKey.spki, TAG.sequence).value);
  info.next(TAG.sequence);
  return digestSha1(readOctetAlignedBits(info.next(TAG.bitString)));
}

async function digestSha1(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
}

/** An unsigned request about one certificate (RFC 6960 §4.1.1) with a nonce (RFC 8954 §2.1: 1 to 32 bytes). */
export function encodeOcspRequest(id: CertificateId, nonce: Uint8Array): Bytes {
  if (nonce.length < 1 || nonce.length > 32) throw new RangeError('a nonce is 1 to 32 bytes');
  const list = encodeDer(TAG.sequence, encodeDer(TAG.sequence, id.raw));
  const value = encodeDer(TAG.octetString, encodeDer(TAG.octetString, nonce));
  const extensions = encodeDer(TAG.sequence, encodeDer(TAG.sequence, encodeOid(OID.nonce), value));
  return encodeDer(TAG.sequence, encodeDer(TAG.sequence, list, encodeDer(contextTag(2), extensions)));
}

/** What a responder says of one certificate. */
export interface OcspStatus {
  readonly id: CertificateId;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revokedAt: Date | undefined;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly extensions: Extensions;
}

/** A successful basic response (RFC 6960 §4.2.1), signed by nobody in particular yet. */
export interface OcspResponse extends SignedObject {
  readonly responder: { readonly kind: 'name'; readonly raw: Bytes } | { readonly kind: 'key'; readonly hash: Bytes };
  readonly producedAt: Date;
  readonly statuses: readonly OcspStatus[];
  readonly nonce: Bytes | undefined;
  readonly extensions: Extensions;
  /** Certificates that came along, for finding the signer. */
  readonly certificates: readonly Certificate[];
}

/**
 * Parses one DER response, strictly.
 *
 * @throws CertificateError `certificate_malformed`, also when the responder did not answer the question
 */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse {
  const outer = new DerReader(readWhole(bytes, TAG.sequence).value);
  const [status, more] = outer.next(TAG.enumerated).value;
  if (status !== 0 || more !== undefined) throw malformed('the responder did not answer');
  const wrapped = new DerReader(readWhole(outer.next(contextTag(0)).value, TAG.sequence).value);
  outer.end();
  if (readOid(wrapped.next(TAG.oid)) !== OID.basicResponse) throw malformed('another kind of response');
  const { value } = wrapped.next(TAG.octetString);
  wrapped.end();
  return readBasicResponse(new DerReader(readWhole(value, TAG.sequence).value));
}

function readBasicResponse(basic: DerReader): OcspResponse {
  const toBeSigned = basic.next(TAG.sequence).raw;
  const signatureAlgorithm = basic.next(TAG.sequence).raw;
  const signature = readOctetAlignedBits(basic.next(TAG.bitString));
  const certificates = basic.optional(contextTag(0))?.value;
  basic.end();
  return {
    ...{ toBeSigned, signatureAlgorithm, signature },
    ...readResponseData(new DerReader(readWhole(toBeSigned, TAG.sequence).value)),
    certificates: certificates
      ? readElements(new DerReader(readWhole(certificates, TAG.sequence).value)).map(parseCertificate)
      : [],
  };
}

function readResponseData(data: DerReader) {
  // Version 1 is the default, and DER does not encode a default (X.690 §11.5).
  const responder = readResponder(data);
  const producedAt = readTime(data.next(TAG.generalizedTime));
  const statuses = readElements(data.enter(TAG.sequence)).map((raw) =>
    readStatus(new DerReader(readWhole(raw, TAG.sequence).value)),
  );
  const extensions = readWrappedExtensions(data);
  data.end();
  const nonce = readExtension(extensions, OID.nonce, (content) => content.next(TAG.octetString).value);
  return { responder, producedAt, statuses, nonce, extensions };
}

function readResponder(data: DerReader): OcspResponse['responder'] {
  const name = data.optional(contextTag(1));
  if (name) return { kind: 'name', raw: readWhole(name.value, TAG.sequence).raw };
  return { kind: 'key', hash: readWhole(data.next(contextTag(2)).value, TAG.octetString).value };
}

function readStatus(single: DerReader): OcspStatus {
  const id = { raw: readCertificateId(single.next(TAG.sequence).raw) };
  const found = single.next();
  const revokedAt = found.tag === contextTag(1) ? readRevocation(new DerReader(found.value)) : undefined;
  const isGood = found.tag === contextTag(0, 'primitive');
  if (!revokedAt && !isGood && found.tag !== contextTag(2, 'primitive')) throw malformed('not a certificate status');
  if (!revokedAt && found.value.length > 0) throw malformed('a status with content');
  const thisUpdate = readTime(single.next(TAG.generalizedTime));
  const next = single.optional(contextTag(0));
  const nextUpdate = next && readTime(readWhole(next.value, TAG.generalizedTime));
  const extensions = readWrappedExtensions(single);
  single.end();
  return {
    id,
    status: revokedAt ? 'revoked' : isGood ? 'good' : 'unknown',
    revokedAt,
    thisUpdate,
    nextUpdate,
    extensions,
  };
}

/** Only its form is checked: whose it is, its bytes say. */
function readCertificateId(raw: Bytes): Bytes {
  const id = new DerReader(readWhole(raw, TAG.sequence).value);
  id.next(TAG.sequence);
  id.next(TAG.octetString);
  id.next(TAG.octetString);
  readIntegerBytes(id.next(TAG.integer));
  id.end();
  return raw;
}

/** RevokedInfo; the reason changes nothing here, but must be one. */
function readRevocation(info: DerReader): Date {
  const revokedAt = readTime(info.next(TAG.generalizedTime));
  const reason = info.optional(contextTag(0));
  if (reason) readSmallInteger({ ...readWhole(reason.value, TAG.enumerated), tag: TAG.integer });
  info.end();
  return revokedAt;
}

function readWrappedExtensions(reader: DerReader): Extensions {
  const wrapped = reader.optional(contextTag(1));
  return wrapped ? readExtensions(new DerReader(readWhole(wrapped.value, TAG.sequence).value)) : new Map();
}

function readElements(reader: DerReader): readonly Bytes[] {
  const elements: Bytes[] = [];
  while (!reader.done) elements.push(reader.next(TAG.sequence).raw);
  return elements;
}

/** The answer about one certificate, when there is exactly one. */
export function findStatus({ statuses }: OcspResponse, id: CertificateId): OcspStatus | undefined {
  const found = statuses.filter((status) => isSameBytes(status.id.raw, id.raw));
  return found.length === 1 ? found[0] : undefined;
}
