import { EXTENSION_OID, KEY_USAGES, type KeyUsage } from '../../contract/certificate-extensions.ts';
import { type Bytes, TAG, contextTag, encodeDer } from '../../contract/der.ts';
import { encodeOid } from '../../contract/der-values.ts';
import { encodeUtf8 } from '../../contract/encoding.ts';
import { type HpkiRole, encodeHpkiRole } from '../../contract/hpki-role.ts';
import { boolean, integer, namedBits, sequence } from './der-writer.ts';
import { type NameTemplate, encodeName } from './name-writer.ts';

/** An Extension (RFC 5280 §4.1). */
function extension(name: keyof typeof EXTENSION_OID, critical: boolean, value: Uint8Array): Bytes {
  const flag = critical ? boolean(true) : new Uint8Array();
  return sequence(encodeOid(EXTENSION_OID[name]), flag, encodeDer(TAG.octetString, value));
}

export const authorityConstraints = (): Bytes => extension('basicConstraints', true, sequence(boolean(true)));

export function keyUsage(...usages: readonly KeyUsage[]): Bytes {
  return extension('keyUsage', true, namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))));
}

export function policies(...oids: readonly string[]): Bytes {
  return extension('certificatePolicies', true, sequence(...oids.map((oid) => sequence(encodeOid(oid)))));
}

export const subjectKeyId = (id: Uint8Array): Bytes =>
  extension('subjectKeyIdentifier', false, encodeDer(TAG.octetString, id));

export const authorityKeyId = (id: Uint8Array): Bytes =>
  extension('authorityKeyIdentifier', false, sequence(encodeDer(contextTag(0, 'primitive'), id)));

const directoryName = (name: NameTemplate): Bytes => encodeDer(contextTag(4), encodeName(name));

/** A second name of the subject, in its own writing. */
export const subjectDirectoryName = (name: NameTemplate): Bytes =>
  extension('subjectAltName', false, sequence(directoryName(name)));

export const issuerDirectoryName = (name: NameTemplate): Bytes =>
  extension('issuerAltName', false, sequence(directoryName(name)));

/** Where the list of revoked certificates is: a name in a directory, or an address. */
export type ListLocation = { readonly directory: NameTemplate } | { readonly url: string };

function fullName(location: ListLocation): Bytes {
  const name =
    'url' in location
      ? encodeDer(contextTag(6, 'primitive'), encodeUtf8(location.url))
      : directoryName(location.directory);
  return encodeDer(contextTag(0), encodeDer(contextTag(0), name));
}

export const distributionPoint = (location: ListLocation): Bytes =>
  extension('crlDistributionPoints', false, sequence(sequence(fullName(location))));

/** Critical, in a list: it is about the certificates that point to this location, and about no others. */
export const issuingDistributionPoint = (location: ListLocation): Bytes =>
  extension('issuingDistributionPoint', true, sequence(fullName(location)));

export const listNumber = (number: number): Bytes =>
  extension('crlNumber', false, integer(Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)));

export const healthcareRole = (role: HpkiRole): Bytes =>
  extension('subjectDirectoryAttributes', false, encodeHpkiRole(role));
