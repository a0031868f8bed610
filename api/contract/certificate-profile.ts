import type { Certificate } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import { EXTENSION_OID, type KeyUsage } from './certificate-extensions.ts';

/**
 * Which of two worlds a deployment belongs to. Test cards are issued under real certification authorities, so only the
 * policy identifier tells them from real ones; a deployment accepts one world and never both.
 */
export const POLICY_WORLDS = ['production', 'test'] as const;
export type PolicyWorld = (typeof POLICY_WORLDS)[number];

/** What an end-entity certificate must be for one use. */
export interface CertificateProfile {
  /** Exactly these key usages, in a critical extension. */
  readonly keyUsage: readonly KeyUsage[];
  readonly policies: Readonly<Record<PolicyWorld, readonly string[]>>;
}

const MINIMUM_RSA_SIZE_BITS = 2048;

/**
 * Checks an end-entity certificate against a profile; its path and its revocation are other questions.
 *
 * The policy is looked for on the end entity alone: test holders live below CAs that carry the production policy, which
 * RFC 5280 §6.1.3 (d) would turn into an empty policy set.
 *
 * @throws CertificateError `certificate_wrong_profile`, `certificate_wrong_policy`
 */
export function requireProfile(certificate: Certificate, profile: CertificateProfile, world: PolicyWorld): void {
  if (certificate.basicConstraints.isCa) throw wrongProfile('a CA certificate');
  const { publicKey, keyUsage } = certificate;
  if (publicKey.kind !== 'rsa' || publicKey.sizeBits < MINIMUM_RSA_SIZE_BITS) throw wrongProfile('not an RSA-2048 key');
  const isExact = keyUsage?.size === profile.keyUsage.length && profile.keyUsage.every((usage) => keyUsage.has(usage));
  if (!isExact || !certificate.extensions.get(EXTENSION_OID.keyUsage)?.critical)
    throw wrongProfile('its key is for another use');

  const has = (policies: readonly string[]) => certificate.policies.some((policy) => policies.includes(policy));
  const other = world === 'production' ? 'test' : 'production';
  if (!has(profile.policies[world])) throw new CertificateError('certificate_wrong_policy', `no ${world} policy`);
  if (has(profile.policies[other])) throw new CertificateError('certificate_wrong_policy', 'policies of both worlds');
}

function wrongProfile(detail: string): CertificateError {
  return new CertificateError('certificate_wrong_profile', detail);
}
