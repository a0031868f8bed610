import type { Bytes } from '../../contract/der.ts';
import { encodeBase64 } from '../../contract/encoding.ts';
import { type CertificateTemplate, signCertificate } from './certificate.ts';
import { toSigningKey } from './certificate-key.ts';
import { authorityConstraints, keyUsage, subjectKeyId } from './extensions.ts';
import { type KeyPair, exportRsaPrivateKey } from './key-pair.ts';
import { type ListLocation, distributionPoint } from './list-location.ts';
import type { NameTemplate } from './name-template.ts';
import type { Extension } from './peculiar.ts';
import type { RevokedEntry } from './revoked-entry.ts';
import { type SignerData, signerOf } from './signer.ts';

/** A synthetic certification authority with everything needed to go on issuing; plain JSON. */
export interface SyntheticAuthority extends SignerData {
  /** `jpki-auth-3`, `hpki-sign` …: names it in files and addresses. */
  readonly id: string;
  readonly subject: NameTemplate;
  readonly listLocation: ListLocation;
  readonly revoked: readonly RevokedEntry[];
}

export interface AuthorityPlan {
  readonly id: string;
  readonly subject: NameTemplate;
  readonly serialNumber: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly listLocation: ListLocation;
  readonly extensions?: readonly Extension[];
}

/** A new authority, self-signed or below another one. */
export async function createAuthority(
  plan: AuthorityPlan,
  keys: KeyPair,
  parent?: SyntheticAuthority,
): Promise<SyntheticAuthority> {
  const { id, subject, listLocation, extensions = [], ...rest } = plan;
  const signer = parent && (await signerOf(parent));
  const template: CertificateTemplate = {
    ...rest,
    subject,
    issuer: parent?.subject ?? subject,
    publicKey: keys.publicKey,
    extensions: [
      ...(signer ? [signer.keyId] : []),
      keyUsage('keyCertSign', 'cRLSign'),
      authorityConstraints(),
      distributionPoint(parent?.listLocation ?? listLocation),
      await subjectKeyId(keys.publicKey),
      ...extensions,
    ],
  };
  const certificate = await signCertificate(template, signer?.key ?? (await toSigningKey(keys.privateKey)));
  return {
    id,
    subject,
    certificate: encodeBase64(certificate),
    privateKey: exportRsaPrivateKey(keys.privateKey),
    listLocation,
    revoked: [],
  };
}

export type EndEntityPlan = Omit<CertificateTemplate, 'issuer'>;

/** A certificate of somebody who is not an authority. Key identifiers and the distribution point come from the authority. */
export async function issueCertificate(authority: SyntheticAuthority, plan: EndEntityPlan): Promise<Bytes> {
  const signer = await signerOf(authority);
  const extensions = [
    signer.keyId,
    await subjectKeyId(plan.publicKey),
    distributionPoint(authority.listLocation),
    ...plan.extensions,
  ];
  return signCertificate({ ...plan, extensions, issuer: authority.subject }, signer.key);
}
