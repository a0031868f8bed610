import type { Certificate } from '#api/contract/certificate.ts';
import { CertificateError } from '#api/contract/certificate-error.ts';
import { type KeyUsage, KEY_USAGES } from '#api/contract/certificate-extensions.ts';
import { type CertificateProfile, POLICY_WORLDS, type PolicyWorld } from '#api/contract/certificate-profile.ts';
import { NAME_OID, nameAttribute, type DistinguishedName } from '#api/contract/distinguished-name.ts';
import {
  HPKI_AUTHENTICATION,
  HPKI_SIGNATURE,
  type HpkiHolder,
  readHolder,
  readRole,
} from '#api/contract/hpki-certificate.ts';
import { JPKI_AUTHENTICATION, JPKI_SIGNATURE } from '#api/contract/jpki-certificate.ts';
import type { PublicKeyInfo } from '#api/contract/public-key-info.ts';

/** What a certificate is for, by its policy. */
export type CertificatePurpose = 'jpkiAuthentication' | 'jpkiSignature' | 'hpkiSignature' | 'hpkiAuthentication';

const PROFILES: Readonly<Record<CertificatePurpose, CertificateProfile>> = {
  jpkiAuthentication: JPKI_AUTHENTICATION,
  jpkiSignature: JPKI_SIGNATURE,
  hpkiSignature: HPKI_SIGNATURE,
  hpkiAuthentication: HPKI_AUTHENTICATION,
};

/**
 * What a certificate says, for a screen. No serial number: the law restricts those of JPKI certificates, and the subject
 * of theirs is a number too, so that a name is here for authorities and HPKI holders only.
 */
export interface CertificateFacts {
  readonly isAuthority: boolean;
  /** Of an authority, as people would call it. */
  readonly authorityName: string | undefined;
  readonly issuerName: string;
  /** By its policy; `undefined` for authorities and foreign certificates. */
  readonly purpose: CertificatePurpose | undefined;
  /** Real or issued for tests, by the same policy. */
  readonly world: PolicyWorld | undefined;
  /** RFC 3339. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Kind and size as it is said: `RSA 2048`, `EC P-256`; `undefined` for kinds that nothing here uses. */
  readonly key: string | undefined;
  readonly usages: readonly KeyUsage[];
  readonly policies: readonly string[];
  /** Of HPKI certificates. */
  readonly holder: Omit<HpkiHolder, 'registration'> | undefined;
  /** The licence text of HPKI certificates, e.g. `Medical Doctor`. */
  readonly role: string | undefined;
}

export function describeCertificate(certificate: Certificate): CertificateFacts {
  const { publicKey, keyUsage, policies, basicConstraints } = certificate;
  const found = basicConstraints.isCa ? undefined : findProfile(policies);
  const isHpki = found?.purpose === 'hpkiSignature' || found?.purpose === 'hpkiAuthentication';
  return {
    isAuthority: basicConstraints.isCa,
    authorityName: basicConstraints.isCa ? nameOf(certificate.subject) : undefined,
    issuerName: nameOf(certificate.issuer),
    purpose: found?.purpose,
    world: found?.world,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    key: describeKey(publicKey),
    usages: KEY_USAGES.filter((usage) => keyUsage?.has(usage)),
    policies,
    holder: isHpki ? withoutRegistration(readHolder(certificate)) : undefined,
    role: isHpki ? roleOf(certificate) : undefined,
  };
}

function describeKey(key: PublicKeyInfo): string | undefined {
  switch (key.kind) {
    case 'rsa':
      return `RSA ${key.sizeBits}`;
    case 'ec':
      return `EC ${key.curve}`;
    case 'other':
      return undefined;
  }
}

function findProfile(
  policies: readonly string[],
): { readonly purpose: CertificatePurpose; readonly world: PolicyWorld } | undefined {
  for (const [purpose, profile] of Object.entries(PROFILES) as [CertificatePurpose, CertificateProfile][]) {
    const world = POLICY_WORLDS.find((name) => profile.policies[name].some((policy) => policies.includes(policy)));
    if (world) return { purpose, world };
  }
  return undefined;
}

/** The common name; else the last unit, which is where JPKI and the ministry's root say who they are. */
function nameOf(name: DistinguishedName): string {
  const units = name.attributes.filter(({ oid }) => oid === NAME_OID.organisationalUnit).map(({ text }) => text);
  const organisation = nameAttribute(name, NAME_OID.organisation);
  return nameAttribute(name, NAME_OID.commonName) ?? [organisation, units[0]].filter(Boolean).join(' · ');
}

function withoutRegistration({ registration: _, ...holder }: HpkiHolder): Omit<HpkiHolder, 'registration'> {
  return holder;
}

function roleOf(certificate: Certificate): string | undefined {
  try {
    return readRole(certificate).text;
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
