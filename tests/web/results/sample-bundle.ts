/** Bundles made by hand for tests, in the shape of a JP-CLINS collection. */

const CORE = 'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS';
const LOCAL = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS';
const PATIENT_URL = 'urn:uuid:0190f000-0000-7000-8000-000000000001';

export interface SampleObservation {
  readonly jlac10?: string;
  readonly local?: string;
  readonly name?: string;
  readonly value?: number;
  readonly unit?: string;
  readonly at?: string;
  readonly extra?: Record<string, unknown>;
}

export const samplePatient = (extra: Record<string, unknown> = {}) => ({
  fullUrl: PATIENT_URL,
  resource: {
    resourceType: 'Patient',
    id: 'p1',
    name: [{ family: '青木', given: ['はる'] }],
    gender: 'female',
    birthDate: '1954-03-02',
    ...extra,
  },
});

export function sampleObservation(sample: SampleObservation) {
  const { jlac10, local = '0001', name = 'カリウム', value, unit, at = '2026-11-20T09:00:00+09:00', extra } = sample;
  return {
    fullUrl: `urn:uuid:${local}`,
    resource: {
      resourceType: 'Observation',
      // One identifier for every result, as the published examples have it.
      identifier: [{ system: 'urn:x', value: 'OBSLAB-2' }],
      status: 'final',
      code: {
        coding: [
          { system: LOCAL, code: local, display: name },
          ...(jlac10 === undefined ? [] : [{ system: CORE, code: jlac10, display: 'X' }]),
        ],
        text: name,
      },
      subject: { reference: PATIENT_URL },
      effectiveDateTime: at,
      ...(value === undefined ? {} : { valueQuantity: { value, ...(unit === undefined ? {} : { unit }) } }),
      ...extra,
    },
  };
}

export const sampleBundle = (entries: readonly unknown[], extra: Record<string, unknown> = {}) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: entries,
  ...extra,
});

let documents = 0;

export function sampleDocument(bundle: Record<string, unknown>, institution = 'sakura/1310000012') {
  documents += 1;
  const id = `0190f000-0000-7000-8000-${String(documents).padStart(12, '0')}`;
  return {
    institution,
    document: { id, kind: 'laboratory' as const, visitId: id, registeredAt: '2026-11-20T10:00:00Z', bundle },
  };
}
