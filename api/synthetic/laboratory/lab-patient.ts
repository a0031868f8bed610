import type { SyntheticInstitution } from '../institutions.ts';
import { type SyntheticPerson, fullAddress, fullKana, fullName } from '../people/person.ts';
import { stableUuid } from './stable-id.ts';

const REPRESENTATION = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation';

/** The number a hospital would know the person by: nine digits of its own. */
export function patientNumber(person: SyntheticPerson, institution: SyntheticInstitution): string {
  const digits =
    BigInt(`0x${stableUuid(`${institution.code}/${person.payerId}`).replaceAll('-', '')}`) % 1_000_000_000n;
  return digits.toString().padStart(9, '0');
}

/** A FHIR R4 Patient in the shape of JP_Patient_eCS: hospital number, insured person's number, name in kanji and kana. */
export function createLabPatient(person: SyntheticPerson, institution: SyntheticInstitution, lastUpdated: string) {
  const { insurance, address, name } = person;
  const writing = (code: 'IDE' | 'SYL', text: string, family: string, given: string) => ({
    extension: [{ url: REPRESENTATION, valueCode: code }],
    text,
    family,
    given: [given],
  });
  return {
    resourceType: 'Patient',
    id: `synthetic-${person.id}`,
    meta: { lastUpdated, profile: ['http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Patient_eCS'] },
    language: 'ja',
    identifier: [
      { system: `urn:oid:1.2.392.100495.20.3.51.1${institution.code}`, value: patientNumber(person, institution) },
      {
        system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
        value: [insurance.insurerNumber, insurance.symbol, insurance.number, insurance.branch].join(':'),
      },
    ],
    name: [
      writing('IDE', fullName(person), name.family.kanji, name.given.kanji),
      writing('SYL', fullKana(person), name.family.kana, name.given.kana),
    ],
    gender: person.sex,
    birthDate: person.birthDate,
    address: [
      {
        text: fullAddress(person),
        postalCode: address.postalCode,
        city: address.city,
        state: address.prefecture,
      },
    ],
  } as const;
}
