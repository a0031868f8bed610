import type { KeyObject } from 'node:crypto';
import { JPKI_AUTHENTICATION, JPKI_SIGNATURE } from '../../contract/jpki-certificate.ts';
import type { Bytes } from '../../contract/der.ts';
import { type Day, birthdayAfter, endOfDay, startOfDay } from '../calendar.ts';
import type { SyntheticPerson } from '../people/person.ts';
import type { Random } from '../random.ts';
import { type SyntheticAuthority, issueCertificate } from '../x509/authority.ts';
import { issuerDirectoryName, keyUsage, policies } from '../x509/extensions.ts';
import type { NameTemplate } from '../x509/name-template.ts';

const ISSUER_NAME: NameTemplate = [
  ['country', 'JP'],
  ['organisation', '模擬個人認証サービス'],
];

/** Two certificates of one card: what differs between holders. */
export interface JpkiIssue {
  readonly person: SyntheticPerson;
  readonly issuedOn: Day;
  readonly serialNumber: Uint8Array;
  readonly publicKey: KeyObject;
}

/** A serial number of four octets that no other certificate of the run has, most likely. */
export function createSerialNumber(random: Random): Uint8Array {
  return Uint8Array.of(random.integer(1, 0x7f), ...Array.from({ length: 7 }, () => random.integer(0, 0xff)));
}

/** 利用者証明用: a subject that names nobody, only a number and the municipality. */
export function issueAuthCertificate(authority: SyntheticAuthority, issue: JpkiIssue, number: string): Promise<Bytes> {
  return issueCertificate(authority, {
    ...commonParts(issue, `SYNTHETIC${number}${issue.person.address.municipality}A`),
    extensions: [
      keyUsage(...JPKI_AUTHENTICATION.keyUsage),
      policies(...JPKI_AUTHENTICATION.policies.test),
      issuerDirectoryName(ISSUER_NAME),
    ],
  });
}

/** 署名用: additionally names the place. The holder's attributes in its alternative name are left to the text application. */
export function issueSignCertificate(authority: SyntheticAuthority, issue: JpkiIssue, number: string): Promise<Bytes> {
  const parts = commonParts(issue, `SYNTHETIC${number}${issue.person.address.municipality}S`);
  const locality: NameTemplate = [['locality', `${issue.person.address.prefecture}${issue.person.address.city}`]];
  return issueCertificate(authority, {
    ...parts,
    subject: [...parts.subject.slice(0, 1), ...locality, ...parts.subject.slice(1)],
    extensions: [
      keyUsage(...JPKI_SIGNATURE.keyUsage),
      policies(...JPKI_SIGNATURE.policies.test),
      issuerDirectoryName(ISSUER_NAME),
    ],
  });
}

function commonParts({ person, issuedOn, serialNumber, publicKey }: JpkiIssue, commonName: string) {
  const subject: NameTemplate = [
    ['country', 'JP'],
    ['organisation', 'SYNTHETIC JPKI'],
    ['commonName', commonName],
  ];
  return {
    serialNumber,
    subject,
    publicKey,
    notBefore: startOfDay(issuedOn),
    notAfter: endOfDay(birthdayAfter(issuedOn, person.birthDate, 5)),
  };
}
