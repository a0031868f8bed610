import type { CertificateErrorCode } from '../contract/certificate-error.ts';
import type { CertificateProfile } from '../contract/certificate-profile.ts';
import type { KeyUsage } from '../contract/certificate-extensions.ts';
import type { Bytes } from '../contract/der.ts';
import { parseBase64 } from '../contract/encoding.ts';
import { HPKI_SIGNATURE } from '../contract/hpki-certificate.ts';
import { HPKI_ROLES, JHPKI_CODED_DATA_OID } from '../contract/hpki-role.ts';
import { JPKI_AUTHENTICATION } from '../contract/jpki-certificate.ts';
import { addDays, dayInJapan, endOfDay, startOfDay } from './calendar.ts';
import { createSerialNumber } from './cards/jpki-certificates.ts';
import { createRandom } from './random.ts';
import type { SyntheticWorld } from './world.ts';
import { type SyntheticAuthority, createAuthority, issueCertificate } from './x509/authority.ts';
import { authorityConstraints, healthcareRole, keyUsage, policies } from './x509/extensions.ts';
import { type KeyPair, generateEcKeyPair, generateRsaKeyPair } from './x509/key-pair.ts';
import type { NameTemplate } from './x509/name-template.ts';
import type { Extension } from './x509/peculiar.ts';

/** A certificate that must be refused, the chain it comes along with, and the reason to refuse it. */
export interface WrongCertificate {
  readonly name: string;
  readonly code: CertificateErrorCode;
  readonly chain: readonly [Bytes, ...Bytes[]];
}

/** What one certificate has different from one in order. */
interface Difference {
  readonly keys?: KeyPair;
  readonly usages?: readonly KeyUsage[];
  readonly policies?: readonly string[];
  /** `null` leaves the role out. */
  readonly role?: { readonly codingScheme: string; readonly text: string } | null;
  /** Days from today. */
  readonly from?: number;
  readonly to?: number;
  readonly extra?: readonly Extension[];
}

type Issue = (authority: SyntheticAuthority, difference: Difference) => Promise<Bytes>;

const DOCTOR = { codingScheme: JHPKI_CODED_DATA_OID, text: HPKI_ROLES.medicalDoctor };
const NOBODY: NameTemplate = [
  ['country', 'JP'],
  ['organisation', 'SYNTHETIC wrong certificate'],
  ['commonName', 'Nobody'],
];
const der = (authority: SyntheticAuthority): Bytes => parseBase64(authority.certificate);

/**
 * Certificates that a verifier of this world must refuse at `now`, each for one reason: JPKI-like ones against the
 * authentication authorities, HPKI-like ones against the root with doctors allowed only.
 */
export async function createWrongCertificates(world: SyntheticWorld, now: Date) {
  const [keys, impostorKeys, ecKeys] = await Promise.all([
    generateRsaKeyPair(),
    generateRsaKeyPair(),
    generateEcKeyPair(),
  ]);
  const [jpki, hpki] = await Promise.all([
    wrongJpki(world, now, keys, impostorKeys, ecKeys),
    wrongHpki(world, now, keys, impostorKeys, ecKeys),
  ]);
  return { jpki, hpki };
}

function issuerOf(profile: CertificateProfile, now: Date, keys: KeyPair, hasRole: boolean): Issue {
  const random = createRandom('wrong certificates');
  const today = dayInJapan(now);
  return (authority, difference) => {
    const role = difference.role === undefined && hasRole ? DOCTOR : difference.role;
    return issueCertificate(authority, {
      subject: NOBODY,
      serialNumber: createSerialNumber(random),
      publicKey: (difference.keys ?? keys).publicKey,
      notBefore: startOfDay(addDays(today, difference.from ?? -10)),
      notAfter: endOfDay(addDays(today, difference.to ?? 300)),
      extensions: [
        keyUsage(...(difference.usages ?? profile.keyUsage)),
        policies(...(difference.policies ?? profile.policies.test)),
        ...(role ? [healthcareRole(role)] : []),
        ...(difference.extra ?? []),
      ],
    });
  };
}

/** An authority with the name and the directory of a real one and a key of its own. */
function impostorOf(authority: SyntheticAuthority, now: Date, keys: KeyPair): Promise<SyntheticAuthority> {
  const today = dayInJapan(now);
  const validity = { notBefore: startOfDay(addDays(today, -900)), notAfter: endOfDay(addDays(today, 900)) };
  const { subject, listLocation } = authority;
  return createAuthority({ id: 'impostor', subject, listLocation, serialNumber: Uint8Array.of(9), ...validity }, keys);
}

async function wrong(
  name: string,
  code: CertificateErrorCode,
  leaf: Promise<Bytes>,
  ...rest: readonly (Bytes | Promise<Bytes>)[]
): Promise<WrongCertificate> {
  const [first, ...others] = await Promise.all([leaf, ...rest]);
  return { name, code, chain: [first, ...others] };
}

async function wrongJpki(
  world: SyntheticWorld,
  now: Date,
  keys: KeyPair,
  impostorKeys: KeyPair,
  ecKeys: KeyPair,
): Promise<readonly WrongCertificate[]> {
  const [ended, , newest] = world.jpki.auth;
  const issue = issuerOf(JPKI_AUTHENTICATION, now, keys, false);
  const impostor = await impostorOf(newest, now, impostorKeys);
  const { production, test } = JPKI_AUTHENTICATION.policies;
  const alone = (name: string, code: CertificateErrorCode, difference: Difference, authority = newest) =>
    wrong(name, code, issue(authority, difference));
  return Promise.all([
    alone('expired', 'certificate_expired', { from: -300, to: -1 }),
    alone('not yet valid', 'certificate_not_yet_valid', { from: 1 }),
    alone('of a generation that has ended', 'certificate_expired', {}, ended),
    alone('with the production policy', 'certificate_wrong_policy', { policies: production }),
    alone('with both policies', 'certificate_wrong_policy', { policies: [...test, ...production] }),
    alone('with a foreign policy', 'certificate_wrong_policy', { policies: ['1.2.3.4'] }),
    alone('for non-repudiation', 'certificate_wrong_profile', { usages: ['nonRepudiation'] }),
    alone('for more than authentication', 'certificate_wrong_profile', {
      usages: ['digitalSignature', 'keyEncipherment'],
    }),
    alone('for an EC key', 'certificate_wrong_profile', { keys: ecKeys }),
    alone('that is an authority', 'certificate_wrong_profile', { extra: [authorityConstraints()] }),
    alone('of another issuer with the same name', 'certificate_untrusted', {}, impostor),
    wrong('with that issuer coming along', 'certificate_untrusted', issue(impostor, {}), der(impostor)),
    alone('of the signature authority', 'certificate_untrusted', {}, world.jpki.sign[2]),
    alone('of an HPKI authority', 'certificate_untrusted', {}, world.hpki.sign),
  ]);
}

async function wrongHpki(
  world: SyntheticWorld,
  now: Date,
  keys: KeyPair,
  impostorKeys: KeyPair,
  ecKeys: KeyPair,
): Promise<readonly WrongCertificate[]> {
  const { sign, root } = world.hpki;
  const issue = issuerOf(HPKI_SIGNATURE, now, keys, true);
  const impostor = await impostorOf(sign, now, impostorKeys);
  const { production, test } = HPKI_SIGNATURE.policies;
  const below = (name: string, code: CertificateErrorCode, difference: Difference) =>
    wrong(name, code, issue(sign, difference), der(sign));
  // A doctor's certificate used as if it were an authority: basicConstraints are what stops it.
  const holder: SyntheticAuthority = { ...impostor, subject: NOBODY };
  return Promise.all([
    below('expired', 'certificate_expired', { from: -300, to: -1 }),
    below('not yet valid', 'certificate_not_yet_valid', { from: 1 }),
    below('with the production policy', 'certificate_wrong_policy', { policies: production }),
    below('with both policies', 'certificate_wrong_policy', { policies: [...test, ...production] }),
    below('for authentication', 'certificate_wrong_profile', { usages: ['digitalSignature'] }),
    below('for signature and authentication', 'certificate_wrong_profile', {
      usages: ['digitalSignature', 'nonRepudiation'],
    }),
    below('for an EC key', 'certificate_wrong_profile', { keys: ecKeys }),
    below('without a role', 'hpki_role_missing', { role: null }),
    below('with a role out of another list', 'hpki_role_missing', { role: { ...DOCTOR, codingScheme: '1.2.3.4' } }),
    below('of a nurse', 'hpki_role_not_allowed', { role: { ...DOCTOR, text: 'General Nurse' } }),
    below('of a doctor in other letters', 'hpki_role_not_allowed', { role: { ...DOCTOR, text: 'medical doctor' } }),
    wrong('without its authority', 'certificate_untrusted', issue(sign, {})),
    wrong('of another authority with the same name', 'certificate_untrusted', issue(impostor, {}), der(impostor)),
    wrong('with the right authority beside it', 'certificate_untrusted', issue(impostor, {}), der(sign), der(root)),
    wrong(
      'issued by somebody who is no authority',
      'certificate_untrusted',
      issue(holder, {}),
      issue(sign, { keys: impostorKeys }),
      der(sign),
    ),
  ]);
}
