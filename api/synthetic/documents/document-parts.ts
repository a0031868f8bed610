import type { Day } from '../calendar.ts';
import type { SyntheticInstitution } from '../institutions.ts';
import { createLabPatient } from '../laboratory/lab-patient.ts';
import { stableUuid } from '../laboratory/stable-id.ts';
import type { SyntheticPerson } from '../people/person.ts';

/** Whose document, by whom, of which day. */
export interface DocumentSource {
  readonly person: SyntheticPerson;
  readonly institution: SyntheticInstitution;
  readonly day: Day;
}

/** Addresses inside one document's bundle; the same source gives the same. */
export const urlsOf =
  ({ person, institution, day }: DocumentSource, document: string) =>
  (part: string) =>
    `urn:uuid:${stableUuid(`${document}/${part}/${institution.code}/${person.payerId}/${day}`)}`;

export const momentOf = ({ day }: DocumentSource): string => `${day}T11:30:00+09:00`;

/** Patient, doctor and hospital, which every document names. */
export function createParties(source: DocumentSource, url: (part: string) => string) {
  return [
    { fullUrl: url('patient'), resource: createLabPatient(source.person, source.institution, momentOf(source)) },
    {
      fullUrl: url('practitioner'),
      resource: {
        resourceType: 'Practitioner',
        name: [{ text: '見本 太郎', family: '見本', given: ['太郎'] }],
      },
    },
    {
      fullUrl: url('organization'),
      resource: {
        resourceType: 'Organization',
        identifier: [
          {
            system: 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no',
            value: source.institution.code,
          },
        ],
        name: source.institution.name.ja,
      },
    },
  ] as const;
}

export const textConcept = (text: string) => ({ text });
