import * as z from 'zod';
import { parseFaithfulJson } from '#api/contract/faithful-json.ts';
import type { RecordKind } from '#api/contract/record-kind.ts';
import { parseJson } from '#lib/api/parse-json.ts';
import { BundleError } from './bundle-error.ts';
import { readBundle, type BundleContents, type Placed } from './bundle.ts';
import { CodeableConcept, type Observation, type Patient } from './fhir.ts';

/** Above this a file is not read: the server would refuse it too. */
export const MAX_FILE_CHARACTERS = 12_000_000;

/** A file that fits: what it holds, of which kind, and the JSON exactly as it will be registered, every digit kept. */
export interface BundleFile extends BundleContents {
  readonly json: Record<string, unknown>;
  readonly kind: RecordKind;
  readonly patient: Patient;
}

/**
 * Reads the text of a dropped file and checks that it can be registered: a FHIR R4 collection or document about one
 * patient, every observation readable and about that patient.
 *
 * @throws {BundleError} with the place of the first fault
 */
export function parseBundleFile(text: string): BundleFile {
  if (text.length > MAX_FILE_CHARACTERS) throw new BundleError('bundle_too_large');
  const json = parseObject(text, parseFaithful);
  const contents = readBundle(parseObject(text, parseJson));
  const { bundle, patients, observations, others, unreadable } = contents;

  if (bundle.type !== 'collection' && bundle.type !== 'document') {
    throw new BundleError('bundle_wrong_type', 'Bundle.type');
  }
  const [fault] = unreadable;
  if (fault) throw fault;
  const [patient, second] = patients;
  if (!patient) throw new BundleError('bundle_no_patient', 'Bundle.entry');
  if (second) throw new BundleError('bundle_several_patients', second.element);
  for (const observation of observations) checkSubject(observation, patient);

  const kind = kindOf(observations.length, others);
  if (!kind) throw new BundleError('bundle_nothing_readable', 'Bundle.entry');
  return { ...contents, json, kind, patient: patient.resource };
}

/** A browser without raw JSON registers the numbers as it can write them. */
const parseFaithful = (text: string): unknown =>
  Reflect.has(JSON, 'rawJSON') ? parseFaithfulJson(text) : JSON.parse(text);

function parseObject(text: string, parse: (text: string) => unknown): Record<string, unknown> {
  try {
    const json: unknown = parse(text.replace(/^\uFEFF/, ''));
    if (isRecord(json)) return json;
  } catch (cause) {
    throw new BundleError('bundle_not_json', undefined, { cause });
  }
  throw new BundleError('bundle_not_fhir', 'resourceType');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A subject by logical identifier only is left to the server, which knows the person. */
function checkSubject({ resource, element }: Placed<Observation>, patient: Placed<Patient>): void {
  const reference = resource.subject?.reference;
  if (reference === undefined) return;
  const names = [patient.fullUrl, patient.resource.id && `Patient/${patient.resource.id}`];
  if (!names.some((name) => name !== undefined && (reference === name || reference.endsWith(`/${name}`)))) {
    throw new BundleError('bundle_reference_missing', `${element}.subject.reference`);
  }
}

/** LOINC 57833-6: the document is a prescription, whatever else its Composition could be. */
const PRESCRIPTION_CODE = '57833-6';
const Composition = z.looseObject({ type: CodeableConcept });

function kindOf(observations: number, others: BundleContents['others']): RecordKind | undefined {
  const types = new Set(others.map(({ resource }) => resource.resourceType));
  const [composition] = others.flatMap(({ resource }) => Composition.safeParse(resource).data ?? []);
  if (composition?.type.coding?.some(({ code }) => code === PRESCRIPTION_CODE)) return 'prescription';
  if (types.has('Composition')) return 'referral';
  if (types.has('MedicationRequest')) return 'prescription';
  if (observations > 0) return 'laboratory';
  if (types.has('DocumentReference') || types.has('Binary')) return 'attachment';
  return undefined;
}
