import { createPublicKey } from 'node:crypto';
import type { Base64, RsaPrivateJwk } from 'webusb-ccid/simulated';
import { type Bytes, TAG, contextTag, encodeDer } from '../../contract/der.ts';
import { encodeBase64 } from '../../contract/encoding.ts';
import { encodeHex } from '../../contract/hex.ts';
import {
  type CertificateTemplate,
  encodeCertificate,
  keyIdentifier,
  signObject,
  signatureAlgorithm,
} from './certificate-writer.ts';
import { integer, sequence, time } from './der-writer.ts';
import {
  type ListLocation,
  authorityConstraints,
  authorityKeyId,
  distributionPoint,
  issuingDistributionPoint,
  keyUsage,
  listNumber,
  subjectKeyId,
} from './extension-writer.ts';
import { type KeyPair, exportRsaPrivateKey, importRsaPrivateKey } from './key-pair.ts';
import { type NameTemplate, encodeName } from './name-writer.ts';

/** A synthetic certification authority with everything needed to go on issuing; plain JSON. */
export interface SyntheticAuthority {
  /** `jpki-auth-3`, `hpki-sign` …: names it in files and addresses. */
  readonly id: string;
  readonly subject: NameTemplate;
  readonly certificate: Base64;
  readonly privateKey: RsaPrivateJwk;
  readonly listLocation: ListLocation;
  readonly revoked: readonly RevokedEntry[];
}

export interface RevokedEntry {
  /** Magnitude of the serial number in hex. */
  readonly serialNumber: string;
  /** RFC 3339, whole seconds. */
  readonly at: string;
}

export interface AuthorityPlan {
  readonly id: string;
  readonly subject: NameTemplate;
  readonly serialNumber: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly listLocation: ListLocation;
  readonly extensions?: readonly Bytes[];
}

/** A new authority, self-signed or below another one. */
export function createAuthority(plan: AuthorityPlan, keys: KeyPair, parent?: SyntheticAuthority): SyntheticAuthority {
  const { id, subject, listLocation, extensions = [], ...rest } = plan;
  const parentKey = parent ? importRsaPrivateKey(parent.privateKey) : keys.privateKey;
  const template: CertificateTemplate = {
    ...rest,
    subject,
    issuer: parent?.subject ?? subject,
    publicKey: keys.publicKey,
    extensions: [
      ...(parent ? [authorityKeyId(keyIdentifier(createPublicKey(parentKey)))] : []),
      keyUsage('keyCertSign', 'cRLSign'),
      authorityConstraints(),
      distributionPoint(parent?.listLocation ?? listLocation),
      subjectKeyId(keyIdentifier(keys.publicKey)),
      ...extensions,
    ],
  };
  const certificate = encodeBase64(encodeCertificate(template, parentKey));
  return { id, subject, certificate, privateKey: exportRsaPrivateKey(keys.privateKey), listLocation, revoked: [] };
}

export interface EndEntityPlan extends Omit<CertificateTemplate, 'issuer'> {
  /** Leaves key identifiers and the distribution point to the authority; off to write certificates that lack them. */
  readonly withIssuerDetails?: boolean;
}

/** A certificate of somebody who is not an authority. */
export function issueCertificate(authority: SyntheticAuthority, plan: EndEntityPlan): Bytes {
  const key = importRsaPrivateKey(authority.privateKey);
  const details = [
    authorityKeyId(keyIdentifier(createPublicKey(key))),
    subjectKeyId(keyIdentifier(plan.publicKey)),
    distributionPoint(authority.listLocation),
  ];
  const extensions = plan.withIssuerDetails === false ? plan.extensions : [...details, ...plan.extensions];
  return encodeCertificate({ ...plan, extensions, issuer: authority.subject }, key);
}

/** The same authority with one more revoked certificate. */
export function revoke(authority: SyntheticAuthority, entry: RevokedEntry): SyntheticAuthority {
  return { ...authority, revoked: [...authority.revoked, entry] };
}

/** Whether a certificate is revoked, by the magnitude of its serial number. */
export function isRevoked(authority: SyntheticAuthority, serialNumber: Uint8Array, at: Date): boolean {
  const number = encodeHex(serialNumber).replace(/^(00)+/, '');
  return authority.revoked.some(
    (entry) => entry.serialNumber.replace(/^(00)+/, '') === number && new Date(entry.at) <= at,
  );
}

/** Its list of revoked certificates (RFC 5280 §5), signed now; entries of the future are left out. */
export function issueCertificateList(
  authority: SyntheticAuthority,
  { thisUpdate, nextUpdate }: { readonly thisUpdate: Date; readonly nextUpdate: Date },
): Bytes {
  const key = importRsaPrivateKey(authority.privateKey);
  const entries = authority.revoked
    .filter((entry) => new Date(entry.at) <= thisUpdate)
    .map((entry) => sequence(integer(Buffer.from(entry.serialNumber, 'hex')), time(new Date(entry.at))));
  const extensions = sequence(
    authorityKeyId(keyIdentifier(createPublicKey(key))),
    listNumber(Math.floor(thisUpdate.getTime() / 1000)),
    issuingDistributionPoint(authority.listLocation),
  );
  const toBeSigned = sequence(
    integer(Uint8Array.of(1)),
    signatureAlgorithm(key),
    encodeName(authority.subject),
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length > 0 ? [encodeDer(TAG.sequence, ...entries)] : []),
    encodeDer(contextTag(0), extensions),
  );
  return signObject(toBeSigned, key);
}
