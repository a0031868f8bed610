import { contextTag, DerReader, malformed, readWhole, TAG, type Bytes, type DerElement } from '../der.ts';
import { readAll, readIntegerBytes, readOid, readSmallInteger } from '../der-values.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

/** What the authority states (RFC 3161 §2.4.2, TSTInfo). */
export interface TimestampInfo {
  /** Object identifier of the hash of `digest`. */
  readonly hashOid: string;
  readonly digest: Bytes;
  readonly time: Date;
  /** Content octets of the nonce, when the request had one. */
  readonly nonce: Bytes | undefined;
}

/** A time-stamp token: CMS SignedData with one signer (RFC 5652 §5.1, RFC 3161 §2.4.2). */
export interface TimestampToken {
  readonly info: TimestampInfo;
  /** The DER of TSTInfo, which the signed attributes hash. */
  readonly content: Bytes;
  /** Certificates that came along; trusted by nobody yet. */
  readonly certificates: readonly Bytes[];
  readonly digestOid: string;
  /** Signed attributes by their object identifier, each with its values. */
  readonly attributes: ReadonlyMap<string, readonly DerElement[]>;
  /** What was signed: the attributes as a SET (RFC 5652 §5.4). */
  readonly toBeSigned: Bytes;
  readonly signatureAlgorithm: Bytes;
  readonly signature: Bytes;
}

/** Reads a token; verifies nothing. @throws {CertificateError} `certificate_malformed` */
export function parseTimestampToken(token: Uint8Array): TimestampToken {
  const contentInfo = new DerReader(readWhole(token, TAG.sequence).value);
  requireOid(contentInfo.next(TAG.oid), SIGNED_DATA);
  const explicit = contentInfo.enter(contextTag(0));
  contentInfo.end();
  const signedData = explicit.enter(TAG.sequence);
  explicit.end();

  readSmallInteger(signedData.next(TAG.integer));
  signedData.next(TAG.set);
  const content = readContent(signedData.enter(TAG.sequence));
  const certificates = signedData.optional(contextTag(0));
  signedData.optional(contextTag(1));
  const signers = readAll(signedData.next(TAG.set).value);
  signedData.end();
  const [signer, ...more] = signers;
  if (!signer || signer.tag !== TAG.sequence || more.length > 0) throw malformed('a token has one signer');
  return {
    info: readInfo(content),
    content,
    certificates: certificates ? readAll(certificates.value).map(({ raw }) => raw) : [],
    ...readSigner(new DerReader(signer.value)),
  };
}

function readContent(content: DerReader): Bytes {
  requireOid(content.next(TAG.oid), TST_INFO);
  const explicit = content.enter(contextTag(0));
  content.end();
  const { value } = explicit.next(TAG.octetString);
  explicit.end();
  return value;
}

function readInfo(content: Bytes): TimestampInfo {
  const info = new DerReader(readWhole(content, TAG.sequence).value);
  if (readSmallInteger(info.next(TAG.integer)) !== 1) throw malformed('not version 1');
  info.next(TAG.oid);
  const imprint = info.enter(TAG.sequence);
  const hashOid = readOid(imprint.enter(TAG.sequence).next(TAG.oid));
  const digest = imprint.next(TAG.octetString).value;
  imprint.end();
  info.next(TAG.integer);
  const time = readGeneralizedTime(info.next(TAG.generalizedTime));
  info.optional(TAG.sequence);
  info.optional(TAG.boolean);
  const nonce = info.optional(TAG.integer);
  info.optional(contextTag(0));
  info.optional(contextTag(1));
  info.end();
  return { hashOid, digest, time, nonce: nonce && readIntegerBytes(nonce) };
}

/** GeneralizedTime in UTC, with a fraction where the authority is that precise (RFC 3161 §2.4.2, genTime). */
function readGeneralizedTime({ value }: DerElement): Date {
  const text = String.fromCharCode(...value);
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(date.getTime())) throw malformed('not a time');
  return date;
}

function readSigner(signer: DerReader) {
  readSmallInteger(signer.next(TAG.integer));
  // Issuer and serial, or key identifier: a hint only, the signed certificate hash decides.
  signer.next();
  const digestOid = readOid(signer.enter(TAG.sequence).next(TAG.oid));
  const attributes = signer.next(contextTag(0));
  const signatureAlgorithm = signer.next(TAG.sequence).raw;
  const signature = signer.next(TAG.octetString).value;
  signer.optional(contextTag(1));
  signer.end();
  const toBeSigned = attributes.raw.slice();
  toBeSigned[0] = TAG.set;
  return { digestOid, attributes: readAttributes(attributes.value), toBeSigned, signatureAlgorithm, signature };
}

function readAttributes(content: Bytes): ReadonlyMap<string, readonly DerElement[]> {
  const attributes = new Map<string, readonly DerElement[]>();
  for (const { tag, value } of readAll(content)) {
    const attribute = new DerReader(value);
    if (tag !== TAG.sequence) throw malformed('not an attribute');
    const oid = readOid(attribute.next(TAG.oid));
    if (attributes.has(oid)) throw malformed('an attribute twice');
    attributes.set(oid, readAll(attribute.next(TAG.set).value));
    attribute.end();
  }
  return attributes;
}

function requireOid(element: DerElement, expected: string): void {
  if (readOid(element) !== expected) throw malformed(`not ${expected}`);
}
