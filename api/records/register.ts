import { readAttachments } from '../contract/attachment.ts';
import { parseFhirBundle, requireBundleKind, type FhirBundle } from '../contract/fhir-bundle.ts';
import { isSamePerson, readPatient } from '../contract/fhir-patient.ts';
import { requireReferences } from '../contract/fhir-references.ts';
import type { RegisteredRecords } from '../contract/records-api.ts';
import { createId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { RecordStore } from '../storage/records.ts';
import type { FhirValidator } from './fhir-validator.ts';
import type { ParsedRegistration } from './read-registration.ts';
import type { KnownVisit, VisitBook } from './visit-book.ts';

export interface RecordParts {
  readonly store: RecordStore;
  readonly visits: VisitBook;
  readonly fhir: FhirValidator;
  readonly now: () => Date;
}

/**
 * Registers a FHIR R4 Bundle for a visit. The same bundle again is answered with what stands.
 *
 * @throws {Problem} `not_found`, `fhir_malformed`, `fhir_unsupported`, `fhir_reference_missing`, `fhir_invalid`,
 * `attachment_type_refused`, `attachment_too_large`; `conflict` when the file does not name the person of the visit and
 * nobody confirmed it
 */
export async function registerRecords(
  { store, visits, fhir, now }: RecordParts,
  { visitId, kind, bundle: json, bundleText, confirmOtherName }: ParsedRegistration,
): Promise<RegisteredRecords> {
  const visit = await visits.findVisit(visitId);
  if (!visit) throw new Problem('not_found', 'no such visit here');
  const bundle = parseFhirBundle(json);
  requireBundleKind(bundle, kind);
  requireReferences(bundle);
  readAttachments(bundle, { isRequired: kind === 'attachment' });
  await fhir.requireValid(bundle);
  requirePerson(bundle, visit, confirmOtherName);
  const { id, registeredAt, resources } = await store.register({
    ...{ id: createId(), visitId, kind, registeredAt: now(), resources: bundle.entry.length, bundle: bundleText },
  });
  return { id, visitId, kind, registeredAt: registeredAt.toISOString(), resources };
}

/** A visit whose person nobody could name yet has nothing to compare with, so a person must have looked. */
function requirePerson(bundle: FhirBundle, { person }: KnownVisit, isConfirmed: boolean): void {
  const patient = readPatient(bundle);
  if (isConfirmed || (person && isSamePerson(patient, person))) return;
  throw new Problem('conflict', person ? 'the file names another person' : 'the visit has no name to compare with');
}
