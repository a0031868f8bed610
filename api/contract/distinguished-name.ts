import { type Bytes, type DerElement, DerReader, TAG } from './der.ts';
import { readOid, readText } from './der-values.ts';

/** Attribute types that this project reads out of names (X.520). */
export const NAME_OID = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  organisation: '2.5.4.10',
  organisationalUnit: '2.5.4.11',
} as const;

export interface NameAttribute {
  readonly oid: string;
  readonly text: string;
}

/** A Name (RFC 5280 §4.1.2.4): its attributes in order, and its DER, which is what issuer and subject are compared by. */
export interface DistinguishedName {
  readonly raw: Bytes;
  readonly attributes: readonly NameAttribute[];
}

/** @throws CertificateError `certificate_malformed` */
export function readName(element: DerElement): DistinguishedName {
  const attributes: NameAttribute[] = [];
  const names = new DerReader(element.value);
  while (!names.done) {
    const relativeName = names.enter(TAG.set);
    do {
      const pair = relativeName.enter(TAG.sequence);
      attributes.push({ oid: readOid(pair.next(TAG.oid)), text: readText(pair.next()) });
      pair.end();
    } while (!relativeName.done);
  }
  return { raw: element.raw, attributes };
}

/** The first attribute of this type. */
export function nameAttribute(name: DistinguishedName, oid: string): string | undefined {
  return name.attributes.find((attribute) => attribute.oid === oid)?.text;
}
