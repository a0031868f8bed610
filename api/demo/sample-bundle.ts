import type { InstitutionId } from '../contract/ids.ts';
import type { Person } from '../contract/person.ts';
import { Problem } from '../contract/problem.ts';
import type { RecordKind } from '../contract/record-kind.ts';
import { addDays, dayInJapan } from '../synthetic/calendar.ts';
import { createAttachmentBundle } from '../synthetic/documents/attachment-bundle.ts';
import type { DocumentSource } from '../synthetic/documents/document-parts.ts';
import { createPrescriptionBundle } from '../synthetic/documents/prescription-bundle.ts';
import { createReferralBundle } from '../synthetic/documents/referral-bundle.ts';
import { createLabBundle } from '../synthetic/laboratory/lab-bundle.ts';
import { fullName } from '../synthetic/people/person.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';

/** Blood was taken at every visit of the past year, so that there is a curve to see. */
const DAYS_BEFORE = [336, 252, 168, 84, 0] as const;

/** Makes a file of each kind for one person, institution and day. */
const CREATE: Readonly<Record<RecordKind, (source: DocumentSource) => object>> = {
  laboratory: ({ person, institution, day }) =>
    createLabBundle(person, { institution, dates: DAYS_BEFORE.map((ago) => addDays(day, -ago)) }),
  prescription: createPrescriptionBundle,
  referral: createReferralBundle,
  attachment: createAttachmentBundle,
};

/**
 * A file as the hospital's own system would export it, for the person of a visit and up to its day.
 *
 * @throws {Problem} `not_found` when the person or the institution is not of this world
 */
export function createSampleBundle(
  world: SyntheticWorld,
  visit: { readonly person: Person | null; readonly presentedAt: Date },
  institutionId: InstitutionId,
  kind: RecordKind = 'laboratory',
): { readonly bundle: object; readonly day: string } {
  const person = world.people.find(
    (candidate) => fullName(candidate) === visit.person?.name && candidate.birthDate === visit.person.birthDate,
  );
  const institution = [world.institutions.a, world.institutions.b].find(({ id }) => id === institutionId);
  if (!person || !institution) throw new Problem('not_found', 'nobody of this world');
  const day = dayInJapan(visit.presentedAt);
  return { bundle: CREATE[kind]({ person, institution, day }), day };
}
