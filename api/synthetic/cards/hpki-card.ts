import type { HpkiPersonalisation } from 'webusb-ccid/simulated';
import { encodeBase64 } from '../../contract/encoding.ts';
import { HPKI_AUTHENTICATION, HPKI_SIGNATURE } from '../../contract/hpki-certificate.ts';
import { JHPKI_CODED_DATA_OID } from '../../contract/hpki-role.ts';
import type { CertificateProfile } from '../../contract/certificate-profile.ts';
import type { Bytes } from '../../contract/der.ts';
import { type Day, addYears, endOfDay, startOfDay } from '../calendar.ts';
import { HPKI_STATEMENT_URL, type HpkiHierarchy } from '../hpki-hierarchy.ts';
import { SYNTHETIC_INSTITUTIONS } from '../institutions.ts';
import { fullName } from '../people/person.ts';
import type { SyntheticStaff } from '../people/staff.ts';
import type { Random } from '../random.ts';
import { type SyntheticAuthority, issueCertificate } from '../x509/authority.ts';
import { healthcareRole, keyUsage, policiesWithStatement, subjectDirectoryName } from '../x509/extensions.ts';
import { type KeyPair, exportRsaPrivateKey } from '../x509/key-pair.ts';
import type { NameTemplate } from '../x509/name-template.ts';
import { createSerialNumber } from './jpki-certificates.ts';
import { SYNTHETIC_PINS } from './my-number-card.ts';

/** What one HPKI certificate says. */
export interface HpkiIssue {
  readonly staff: SyntheticStaff;
  readonly serialNumber: Uint8Array;
  readonly keys: KeyPair;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface HpkiKeys {
  readonly sign: KeyPair;
  readonly auth: KeyPair;
}

/** Personalises one card. */
export async function personaliseHpkiCard(
  staff: SyntheticStaff,
  keys: HpkiKeys,
  hpki: HpkiHierarchy,
  { layout, today, random }: { readonly layout: 'guideline' | 'jma'; readonly today: Day; readonly random: Random },
): Promise<HpkiPersonalisation> {
  const validity = { notBefore: startOfDay(addYears(today, -1)), notAfter: endOfDay(addYears(today, 4)) };
  const issue = (pair: KeyPair): HpkiIssue => ({
    staff,
    serialNumber: createSerialNumber(random),
    keys: pair,
    ...validity,
  });
  return {
    profile: 'hpki',
    layout,
    id: staff.cardId,
    label: `${fullName(staff)}(模擬) ${staff.role}`,
    signKey: exportRsaPrivateKey(keys.sign.privateKey),
    signCertificate: encodeBase64(await issueHpkiCertificate(hpki.sign, issue(keys.sign), HPKI_SIGNATURE)),
    caCertificates: [hpki.sign.certificate],
    rootCertificate: hpki.root.certificate,
    pin: SYNTHETIC_PINS.hpkiPin,
    authKey: exportRsaPrivateKey(keys.auth.privateKey),
    authCertificate: encodeBase64(await issueHpkiCertificate(hpki.auth, issue(keys.auth), HPKI_AUTHENTICATION)),
  };
}

function issueHpkiCertificate(
  authority: SyntheticAuthority,
  issue: HpkiIssue,
  profile: CertificateProfile,
): Promise<Bytes> {
  const { staff, keys, ...rest } = issue;
  return issueCertificate(authority, {
    ...rest,
    subject: holderName(staff),
    publicKey: keys.publicKey,
    extensions: [
      keyUsage(...profile.keyUsage),
      subjectDirectoryName(holderNameJa(staff)),
      healthcareRole({ codingScheme: JHPKI_CODED_DATA_OID, text: staff.role }),
      policiesWithStatement(HPKI_STATEMENT_URL, ...profile.policies.test),
    ],
  });
}

/** Given name first in the Latin common name, as on real certificates. */
export function holderName({ institution, name, registration }: SyntheticStaff): NameTemplate {
  return [
    ['country', 'JP'],
    ['organisation', `SYNTHETIC ${institutionOf(institution).name.en}`],
    ['commonName', `${name.given.romaji} ${name.family.romaji}`],
    ['serialNumber', registration],
  ];
}

export function holderNameJa(staff: SyntheticStaff): NameTemplate {
  return [
    ['country', 'JP'],
    ['organisation', institutionOf(staff.institution).name.ja],
    ['commonName', fullName(staff)],
    ['serialNumber', staff.registration],
  ];
}

function institutionOf(id: string) {
  const institution = Object.values(SYNTHETIC_INSTITUTIONS).find((candidate) => candidate.id === id);
  if (!institution) throw new RangeError('staff of an unknown institution');
  return institution;
}
