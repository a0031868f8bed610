import * as z from 'zod';
import { isShallow } from './faithful-json.ts';
import { Problem } from './problem.ts';
import type { RecordKind } from './record-kind.ts';

/** A FHIR id (R4 §2.24.0.1): no slash, no percent sign, at most 64 characters; never `.` or `..`, which are paths. */
const FhirId = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/);

const FhirResource = z.looseObject({
  resourceType: z.string().regex(/^[A-Z][A-Za-z]{1,63}$/),
  id: FhirId.optional(),
  contained: z.array(z.looseObject({ resourceType: z.string(), id: FhirId })).optional(),
});
export type FhirResource = z.infer<typeof FhirResource>;

/** The parts of a Bundle (R4 §2.36) that a record store relies on; everything else passes untouched. */
const FhirBundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.string(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  entry: z
    .array(z.looseObject({ fullUrl: z.string().max(2048).optional(), resource: FhirResource }))
    .min(1)
    .max(10_000),
});
export type FhirBundle = z.infer<typeof FhirBundle>;

/** The resources without which an Observation or a document says nothing. */
const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Observation: ['status', 'code'],
  Composition: ['status', 'type', 'date', 'author', 'title'],
  MedicationRequest: ['status', 'intent', 'subject'],
  DiagnosticReport: ['status', 'code'],
};

/** JP-CLINS sends results as a collection; referral letters and prescriptions are documents. */
const BUNDLE_TYPES: Readonly<Record<RecordKind, readonly string[]>> = {
  laboratory: ['collection'],
  prescription: ['collection', 'document'],
  referral: ['document'],
  attachment: ['collection', 'document'],
};

/** A resource that a bundle of this kind must hold. */
const ESSENTIAL: Readonly<Record<RecordKind, string>> = {
  laboratory: 'Observation',
  prescription: 'MedicationRequest',
  referral: 'Composition',
  attachment: 'DocumentReference',
};

/**
 * Reads a FHIR R4 Bundle. Refusals name the element, as a path a developer can follow; never a value.
 *
 * @throws {Problem} `fhir_malformed`
 */
export function parseFhirBundle(json: unknown): FhirBundle {
  if (!isShallow(json)) throw malformed('Bundle: nested too deeply');
  const parsed = FhirBundle.safeParse(json);
  if (!parsed.success) throw malformed(elementPath(parsed.error.issues[0]?.path ?? []));
  const bundle = parsed.data;
  requireMembers(bundle);
  requireUniqueUrls(bundle);
  return bundle;
}

/** @throws {Problem} `fhir_unsupported` when the bundle is not what travels under this kind */
export function requireBundleKind(bundle: FhirBundle, kind: RecordKind): void {
  if (!BUNDLE_TYPES[kind].includes(bundle.type)) {
    throw new Problem('fhir_unsupported', `Bundle.type: ${BUNDLE_TYPES[kind].join(' or ')} for ${kind}`);
  }
  const [first] = bundle.entry;
  if (bundle.type === 'document' && first?.resource.resourceType !== 'Composition') {
    throw malformed('Bundle.entry[0].resource: a document begins with its Composition');
  }
  if (!bundle.entry.some(({ resource }) => resource.resourceType === ESSENTIAL[kind])) {
    throw new Problem('fhir_unsupported', `Bundle.entry: no ${ESSENTIAL[kind]} for ${kind}`);
  }
}

/** `Bundle.entry[2].resource.id` from the parts of a path. */
export const elementPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`), 'Bundle');

function requireMembers(bundle: FhirBundle): void {
  bundle.entry.forEach(({ resource }, i) => {
    const missing = (REQUIRED_MEMBERS[resource.resourceType] ?? []).find((member) => resource[member] === undefined);
    if (missing) throw malformed(elementPath(['entry', i, 'resource', missing]));
  });
}

/** R4 bdl-7: a fullUrl names one resource. Identifiers are not compared: official examples give several results the same one. */
function requireUniqueUrls(bundle: FhirBundle): void {
  const seen = new Set<string>();
  bundle.entry.forEach(({ fullUrl }, i) => {
    if (fullUrl === undefined) return;
    if (seen.has(fullUrl)) throw malformed(elementPath(['entry', i, 'fullUrl']));
    seen.add(fullUrl);
  });
}

const malformed = (detail: string) => new Problem('fhir_malformed', detail);
