import { type Bytes, DerReader, TAG, contextTag, malformed } from './der.ts';
import { readBoolean, readNamedBits, readOid, readSmallInteger, readText } from './der-values.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';

/** Extension identifiers (RFC 5280 §4.2). */
export const EXTENSION_OID = {
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  issuingDistributionPoint: '2.5.29.28',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Bit names of KeyUsage, in bit order (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export interface Extension {
  readonly critical: boolean;
  /** Content of extnValue: the DER of the extension's own type. */
  readonly value: Bytes;
}
export type Extensions = ReadonlyMap<string, Extension>;

/** Extensions of a certificate, a list or an entry of a list; each may occur once (RFC 5280 §4.2). */
export function readExtensions(sequence: DerReader): Extensions {
  const extensions = new Map<string, Extension>();
  do {
    const extension = sequence.enter(TAG.sequence);
    const oid = readOid(extension.next(TAG.oid));
    const flag = extension.optional(TAG.boolean);
    const critical = flag !== undefined && readBoolean(flag);
    // X.690 §11.5: a value equal to its default is not encoded.
    if (flag && !critical) throw malformed('an encoded default');
    const { value } = extension.next(TAG.octetString);
    extension.end();
    if (extensions.has(oid)) throw malformed('an extension twice');
    extensions.set(oid, { critical, value });
  } while (!sequence.done);
  return extensions;
}

/** Reads one extension's value with `read`, which must consume all of it; `undefined` when the extension is absent. */
export function readExtension<T>(extensions: Extensions, oid: string, read: (content: DerReader) => T): T | undefined {
  const extension = extensions.get(oid);
  if (!extension) return undefined;
  const content = new DerReader(extension.value);
  const result = read(content);
  content.end();
  return result;
}

/** RFC 5280 §4.2.1.3 */
export function readKeyUsage(content: DerReader): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(content.next(TAG.bitString));
  if ([...bits].some((bit) => bit >= KEY_USAGES.length)) throw malformed('an unknown key usage');
  return new Set(KEY_USAGES.filter((_, bit) => bits.has(bit)));
}

export interface BasicConstraints {
  readonly isCa: boolean;
  /** How many intermediate certificates may follow; no limit when left out. */
  readonly pathLength?: number;
}

/** RFC 5280 §4.2.1.9 */
export function readBasicConstraints(content: DerReader): BasicConstraints {
  const constraints = content.enter(TAG.sequence);
  const flag = constraints.optional(TAG.boolean);
  const isCa = flag !== undefined && readBoolean(flag);
  const limit = constraints.optional(TAG.integer);
  constraints.end();
  if ((flag && !isCa) || (limit && !isCa)) throw malformed('basic constraints that contradict themselves');
  return { isCa, ...(limit && { pathLength: readSmallInteger(limit) }) };
}

/** RFC 5280 §4.2.1.4: the policy identifiers; qualifiers are for people. */
export function readPolicies(content: DerReader): readonly string[] {
  const sequence = content.enter(TAG.sequence);
  const policies: string[] = [];
  do {
    const information = sequence.enter(TAG.sequence);
    policies.push(readOid(information.next(TAG.oid)));
    if (!information.done) information.next(TAG.sequence);
    information.end();
  } while (!sequence.done);
  if (new Set(policies).size !== policies.length) throw malformed('a policy twice');
  return policies;
}

/** RFC 5280 §4.2.1.12 */
export function readExtendedKeyUsage(content: DerReader): readonly string[] {
  const sequence = content.enter(TAG.sequence);
  const purposes: string[] = [];
  do purposes.push(readOid(sequence.next(TAG.oid)));
  while (!sequence.done);
  return purposes;
}

/** RFC 5280 §4.2.1.1: the key identifier, when there is one. */
export function readAuthorityKeyId(content: DerReader): Bytes | undefined {
  const sequence = content.enter(TAG.sequence);
  const keyId = sequence.optional(contextTag(0, 'primitive'))?.value;
  sequence.optional(contextTag(1));
  sequence.optional(contextTag(2, 'primitive'));
  sequence.end();
  return keyId;
}

/** A name of one of the kinds that certificates here use; others are kept as bytes only. */
export interface GeneralName {
  readonly raw: Bytes;
  readonly uri?: string;
  readonly directoryName?: DistinguishedName;
}

/** RFC 5280 §4.2.1.6: GeneralName elements up to the end. */
export function readGeneralNames(sequence: DerReader): readonly GeneralName[] {
  const names: GeneralName[] = [];
  do {
    const element = sequence.next();
    if ((element.tag & 0xc0) !== 0x80) throw malformed('not a general name');
    if (element.tag === contextTag(6, 'primitive')) {
      names.push({ raw: element.raw, uri: readText({ ...element, tag: TAG.ia5String }) });
    } else if (element.tag === contextTag(4)) {
      const inner = new DerReader(element.value);
      names.push({ raw: element.raw, directoryName: readName(inner.next(TAG.sequence)) });
      inner.end();
    } else {
      names.push({ raw: element.raw });
    }
  } while (!sequence.done);
  return names;
}

/** RFC 5280 §4.2.1.13: the full names of every distribution point. */
export function readDistributionPoints(content: DerReader): readonly GeneralName[] {
  const sequence = content.enter(TAG.sequence);
  const names: GeneralName[] = [];
  do {
    const point = sequence.enter(TAG.sequence);
    const name = point.optional(contextTag(0));
    point.optional(contextTag(1, 'primitive'));
    point.optional(contextTag(2));
    point.end();
    if (name) names.push(...readFullName(new DerReader(name.value)));
  } while (!sequence.done);
  return names;
}

/** DistributionPointName: its fullName, or nothing for the form relative to the issuer. */
export function readFullName(content: DerReader): readonly GeneralName[] {
  const full = content.optional(contextTag(0));
  if (!full) content.next(contextTag(1));
  content.end();
  return full ? readGeneralNames(new DerReader(full.value)) : [];
}
