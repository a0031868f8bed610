import * as z from 'zod';
import { elementPath, type FhirBundle } from './fhir-bundle.ts';
import type { Person } from './person.ts';
import { Problem } from './problem.ts';

const HumanName = z.looseObject({
  text: z.string().optional(),
  family: z.string().optional(),
  given: z.array(z.string()).optional(),
});
const Patient = z.looseObject({
  resourceType: z.literal('Patient'),
  name: z.array(HumanName).min(1),
  birthDate: z.string().optional(),
});
export type FhirPatient = z.infer<typeof Patient>;

/**
 * The one person a bundle is about.
 *
 * @throws {Problem} `fhir_malformed` when it is nobody, or more than one
 */
export function readPatient(bundle: FhirBundle): FhirPatient {
  const at = bundle.entry.flatMap(({ resource }, i) => (resource.resourceType === 'Patient' ? [i] : []));
  const [index, ...more] = at;
  if (index === undefined) throw new Problem('fhir_malformed', 'Bundle.entry: no Patient');
  if (more.length > 0) throw new Problem('fhir_malformed', 'Bundle.entry: more than one Patient');
  const parsed = Patient.safeParse(bundle.entry[index]?.resource);
  if (!parsed.success) {
    const path = ['entry', index, 'resource', ...(parsed.error.issues[0]?.path ?? [])];
    throw new Problem('fhir_malformed', elementPath(path));
  }
  return parsed.data;
}

/**
 * Whether a FHIR patient can be this person: one of the names is theirs, in characters or in kana, and the dates of birth
 * do not differ. Widths and spaces do not count; they differ between systems.
 */
export function isSamePerson(patient: FhirPatient, person: Person): boolean {
  const wanted = [person.name, person.kana].map(normalizeName).filter((name) => name !== '');
  const hasName = patient.name.some((name) => writtenForms(name).some((form) => wanted.includes(normalizeName(form))));
  return hasName && (patient.birthDate === undefined || patient.birthDate === person.birthDate);
}

const writtenForms = ({ text, family, given }: z.infer<typeof HumanName>): readonly string[] => [
  ...(text === undefined ? [] : [text]),
  `${family ?? ''}${(given ?? []).join('')}`,
];

/** NFKC makes half-width katakana and full-width letters one form. */
const normalizeName = (name: string): string => name.normalize('NFKC').replaceAll(/\s+/gu, '').toLowerCase();
