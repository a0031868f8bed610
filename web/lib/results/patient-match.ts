import type { Person } from '#api/contract/person.ts';
import type { HumanName, Patient } from './fhir.ts';
import { normaliseName } from './normal-text.ts';

/** What a file says about its patient that differs from the person of the visit. */
export type PatientDifference = 'name' | 'birth_date' | 'sex';

export interface PatientMatch {
  /** Empty when everything that the file states agrees. */
  readonly differences: readonly PatientDifference[];
  /** The name to show beside the visit's, as the file writes it. */
  readonly statedName: string;
  readonly statedBirthDate: string | undefined;
}

/**
 * Compares a file's patient with the person of the visit by name or kana, day of birth and sex. Silence is no
 * difference; a name that agrees in kanji or in kana agrees.
 */
export function matchPatient(patient: Patient, person: Person): PatientMatch {
  const names = (patient.name ?? []).map(fullName).filter((name) => name !== '');
  const known = [person.name, person.kana].filter((name) => name !== '').map(normaliseName);
  const differences: PatientDifference[] = [];
  if (names.length > 0 && !names.some((name) => known.includes(normaliseName(name)))) differences.push('name');
  if (patient.birthDate !== undefined && !person.birthDate.startsWith(patient.birthDate)) {
    differences.push('birth_date');
  }
  const isSexKnown = patient.gender === 'male' || patient.gender === 'female';
  if (isSexKnown && person.sex !== 'unknown' && patient.gender !== person.sex) differences.push('sex');
  return { differences, statedName: names[0] ?? '', statedBirthDate: patient.birthDate };
}

function fullName({ text, family, given }: HumanName): string {
  const parts = [family, ...(given ?? [])].filter((part) => part !== undefined && part !== '');
  return parts.length > 0 ? parts.join(' ') : (text ?? '');
}
