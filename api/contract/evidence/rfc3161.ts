import { CMSVersion, ContentInfo, id_signedData, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo, MessageImprint, PKIStatus, TimeStampReq, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { encodeDer, TAG, type Bytes } from '../der.ts';
import { EvidenceError } from './errors.ts';

const SHA256_OID = '2.16.840.1.101.3.4.2.1';
/** The NULL that deployed authorities expect beside SHA-256 (RFC 8017 §A.2.4). */
const NULL = Uint8Array.of(5, 0).buffer;

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
  /** Certificates that came along, DER; trusted by nobody yet. */
  readonly certificates: readonly Bytes[];
  readonly digestOid: string;
  /** DER values of the signed attributes, by object identifier. */
  readonly attributes: ReadonlyMap<string, readonly Bytes[]>;
  /** What was signed: the attributes as a SET (RFC 5652 §5.4). */
  readonly toBeSigned: Bytes;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Bytes;
  readonly signature: Bytes;
}

/** An RFC 3161 request over a SHA-256 digest, asking for the authority's certificate (RFC 3161 §2.4.1). */
export function encodeTimestampRequest(digest: Uint8Array<ArrayBuffer>, nonce: Uint8Array): Bytes {
  if (digest.length !== 32) throw new RangeError('a SHA-256 digest has 32 bytes');
  const hashAlgorithm = new AlgorithmIdentifier({ algorithm: SHA256_OID, parameters: NULL });
  const messageImprint = new MessageImprint({ hashAlgorithm, hashedMessage: new OctetString(digest) });
  const request = new TimeStampReq({ messageImprint, nonce: positiveInteger(nonce).buffer, certReq: true });
  return new Uint8Array(AsnConvert.serialize(request));
}

/** The content octets of a positive INTEGER: minimal, and not mistaken for a negative one. */
export function positiveInteger(bytes: Uint8Array): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.slice(first);
  return (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : new Uint8Array(digits);
}

/**
 * The token out of a time-stamp response (RFC 3161 §2.4.2), DER.
 *
 * @throws {EvidenceError} `timestamp_malformed`; `timestamp_unavailable` when the authority did not grant it
 */
export function parseTimestampResponse(response: Uint8Array<ArrayBuffer>): Bytes {
  const { status, timeStampToken } = read(response, TimeStampResp);
  const isGranted = status.status === PKIStatus.granted || status.status === PKIStatus.grantedWithMods;
  if (!isGranted) throw new EvidenceError('timestamp_unavailable', `refused with status ${status.status}`);
  if (!timeStampToken) throw malformed('granted, but without a token');
  return new Uint8Array(AsnConvert.serialize(timeStampToken));
}

/** Reads a token; verifies nothing. @throws {EvidenceError} `timestamp_malformed` */
export function parseTimestampToken(token: Uint8Array<ArrayBuffer>): TimestampToken {
  const { contentType, content } = read(token, ContentInfo);
  if (contentType !== id_signedData) throw malformed('not signed data');
  const { encapContentInfo, certificates, signerInfos, version } = read(new Uint8Array(content), SignedData);
  const [signer, ...more] = signerInfos;
  if (!signer || more.length > 0 || version !== CMSVersion.v3) throw malformed('a token has one signer');
  const info = encapContentInfo.eContent?.single;
  if (encapContentInfo.eContentType !== id_ct_tstInfo || !info || !signer.signedAttrs) {
    throw malformed('not a time-stamp, or its attributes are not signed');
  }
  const { signedAttrs, digestAlgorithm, signatureAlgorithm, signature } = signer;
  const attributes = new Map(signedAttrs.map(({ attrType, attrValues }) => [attrType, attrValues.map(toBytes)]));
  if (attributes.size !== signedAttrs.length) throw malformed('an attribute twice');
  return {
    info: readInfo(toBytes(info.buffer)),
    content: toBytes(info.buffer),
    certificates: [...(certificates ?? [])].flatMap(({ certificate }) =>
      certificate ? [toBytes(AsnConvert.serialize(certificate))] : [],
    ),
    digestOid: digestAlgorithm.algorithm,
    attributes,
    toBeSigned: encodeDer(TAG.set, ...signedAttrs.map((attribute) => toBytes(AsnConvert.serialize(attribute)))),
    signatureAlgorithm: toBytes(AsnConvert.serialize(signatureAlgorithm)),
    signature: toBytes(signature.buffer),
  };
}

function readInfo(content: Bytes): TimestampInfo {
  const { messageImprint, genTime, nonce } = read(content, TSTInfo);
  if (Number.isNaN(genTime.getTime())) throw malformed('not a time');
  return {
    hashOid: messageImprint.hashAlgorithm.algorithm,
    digest: toBytes(messageImprint.hashedMessage.buffer),
    time: genTime,
    nonce: nonce && toBytes(nonce),
  };
}

/** Exactly one value and nothing after it, spelled as DER spells it. */
function read<T>(bytes: Uint8Array<ArrayBuffer>, type: new () => T): T {
  try {
    return AsnConvert.parse(bytes, type);
  } catch (cause) {
    throw new EvidenceError('timestamp_malformed', `not a ${type.name}`, { cause });
  }
}

/** A copy: the library hands out views of what it read. */
const toBytes = (buffer: ArrayBuffer): Bytes => new Uint8Array(buffer.slice(0));

const malformed = (detail: string) => new EvidenceError('timestamp_malformed', detail);
