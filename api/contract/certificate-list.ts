import {
  type Certificate,
  type SignedObject,
  isSameBytes,
  readSignedObject,
  requireSameAlgorithm,
} from './certificate.ts';
import {
  EXTENSION_OID,
  type Extensions,
  type GeneralName,
  readExtension,
  readExtensions,
  readFullName,
} from './certificate-extensions.ts';
import { isSignedBy } from './certificate-signature.ts';
import { type Bytes, DerReader, TAG, contextTag, malformed, readWhole } from './der.ts';
import { readBoolean, readIntegerBytes, readSmallInteger, readTime } from './der-values.ts';
import { encodeHex } from './hex.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';

/** A certificate revocation list, version 2 (RFC 5280 §5). */
export interface CertificateList extends SignedObject {
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Revocation dates by the serial number's content octets in hex. */
  readonly revoked: ReadonlyMap<string, Date>;
  readonly extensions: Extensions;
  readonly scope: ListScope;
}

/** What the list is about (RFC 5280 §5.2.5): everything of its issuer unless it says less. */
export interface ListScope {
  readonly distributionPoints: readonly GeneralName[];
  readonly only: 'everything' | 'users' | 'authorities';
  /** By reason, by another issuer, or attribute certificates: forms that nothing here evaluates. */
  readonly isPartial: boolean;
}

/**
 * Parses one DER list; it is trusted by nobody until `isListOf` says whose it is.
 *
 * @throws CertificateError `certificate_malformed`, also when the list has no nextUpdate: it would never end
 */
export function parseCertificateList(bytes: Uint8Array): CertificateList {
  const signed = readSignedObject(new DerReader(readWhole(bytes, TAG.sequence).value));
  const tbs = new DerReader(signed.toBeSigned).enter(TAG.sequence);
  if (readSmallInteger(tbs.next(TAG.integer)) !== 1) throw malformed('not a version 2 list');
  requireSameAlgorithm(tbs.next(TAG.sequence).raw, signed.signatureAlgorithm);
  const issuer = readName(tbs.next(TAG.sequence));
  const thisUpdate = readTime(tbs.next());
  const nextUpdate = readTime(tbs.next());
  const revoked = readEntries(tbs.optional(TAG.sequence)?.value);
  const wrapped = tbs.optional(contextTag(0));
  tbs.end();
  const extensions: Extensions = wrapped
    ? readExtensions(new DerReader(readWhole(wrapped.value, TAG.sequence).value))
    : new Map();
  const scope = readExtension(extensions, EXTENSION_OID.issuingDistributionPoint, readScope);
  return { ...signed, issuer, thisUpdate, nextUpdate, revoked, extensions, scope: scope ?? WHOLE };
}

const WHOLE: ListScope = { distributionPoints: [], only: 'everything', isPartial: false };

/** Whether this CA's key signed the list, for certificates like this one, in a form that is understood completely. */
export async function isListOf(list: CertificateList, certificate: Certificate, issuer: Certificate): Promise<boolean> {
  if (issuer.keyUsage && !issuer.keyUsage.has('cRLSign')) return false;
  if (!isSameBytes(list.issuer.raw, issuer.subject.raw)) return false;
  const foreign = [...list.extensions].some(
    ([oid, { critical }]) => critical && oid !== EXTENSION_OID.issuingDistributionPoint,
  );
  if (foreign || !isInScope(list.scope, certificate)) return false;
  return isSignedBy(list, issuer.publicKey);
}

/** RFC 5280 §6.3.3 (b) (2) */
function isInScope({ distributionPoints, only, isPartial }: ListScope, certificate: Certificate): boolean {
  if (isPartial) return false;
  if (only !== 'everything' && (only === 'authorities') !== certificate.basicConstraints.isCa) return false;
  if (distributionPoints.length === 0) return true;
  return distributionPoints.some((name) =>
    certificate.crlDistributionPoints.some((wanted) => isSameBytes(name.raw, wanted.raw)),
  );
}

/** When a certificate of the list's issuer was revoked, or `undefined`. */
export function revocationDate(list: CertificateList, serialNumber: Uint8Array): Date | undefined {
  return list.revoked.get(encodeHex(serialNumber));
}

function readEntries(content: Bytes | undefined): ReadonlyMap<string, Date> {
  const revoked = new Map<string, Date>();
  if (!content) return revoked;
  const entries = new DerReader(content);
  while (!entries.done) {
    const entry = entries.enter(TAG.sequence);
    const key = encodeHex(readIntegerBytes(entry.next(TAG.integer)));
    const date = readTime(entry.next());
    const details = entry.optional(TAG.sequence);
    entry.end();
    // The certificate issuer extension of indirect lists is critical and would give the serial another meaning.
    const critical = details && [...readExtensions(new DerReader(details.value)).values()].some((e) => e.critical);
    if (critical) throw malformed('an entry with a critical extension');
    revoked.set(key, date);
  }
  return revoked;
}

function readScope(content: DerReader): ListScope {
  const sequence = content.enter(TAG.sequence);
  const name = sequence.optional(contextTag(0));
  const users = readFlag(sequence, 1);
  const authorities = readFlag(sequence, 2);
  const someReasons = sequence.optional(contextTag(3, 'primitive')) !== undefined;
  const indirect = readFlag(sequence, 4);
  const attributes = readFlag(sequence, 5);
  sequence.end();
  return {
    distributionPoints: name ? readFullName(new DerReader(name.value)) : [],
    only: users ? 'users' : authorities ? 'authorities' : 'everything',
    isPartial: someReasons || indirect || attributes || (users && authorities),
  };
}

function readFlag(sequence: DerReader, n: number): boolean {
  const flag = sequence.optional(contextTag(n, 'primitive'));
  return flag !== undefined && readBoolean({ ...flag, tag: TAG.boolean });
}
