import { describe, expect, it } from 'vitest';
import { BundleError } from '#lib/results/bundle-error.ts';
import { MAX_FILE_CHARACTERS, parseBundleFile } from '#lib/results/bundle-file.ts';
import { readVector } from '../../vectors.ts';
import { sampleBundle, sampleObservation, samplePatient } from './sample-bundle.ts';

function refusal(json: unknown): { readonly code: string; readonly element: string | undefined } {
  try {
    parseBundleFile(typeof json === 'string' ? json : JSON.stringify(json));
  } catch (error) {
    if (error instanceof BundleError) return { code: error.code, element: error.element };
    throw error;
  }
  throw new RangeError('was accepted');
}

const observation = sampleObservation({ value: 4.1, unit: 'mmol/L' });

describe('a file that is taken', () => {
  it('keeps the JSON as it was and knows its kind', () => {
    const bundle = sampleBundle([samplePatient(), observation], { language: 'ja' });
    const file = parseBundleFile(`\uFEFF${JSON.stringify(bundle)}`);
    expect(file.json).toEqual(bundle);
    expect(file.kind).toBe('laboratory');
    expect(file.observations).toHaveLength(1);
  });

  it.each([
    ['referral', 'Composition'],
    ['prescription', 'MedicationRequest'],
    ['attachment', 'DocumentReference'],
  ])('is a %s when it holds a %s', (kind, resourceType) => {
    const file = parseBundleFile(JSON.stringify(sampleBundle([samplePatient(), { resource: { resourceType } }])));
    expect(file.kind).toBe(kind);
  });
});

describe('a file that is refused names the place', () => {
  it.each([
    ['{', 'bundle_not_json', undefined],
    ['[]', 'bundle_not_fhir', 'resourceType'],
    ['{"resourceType":"Patient"}', 'bundle_not_fhir', 'resourceType'],
    ['x'.repeat(MAX_FILE_CHARACTERS + 1), 'bundle_too_large', undefined],
  ])('%.30s', (text, code, element) => {
    expect(refusal(text)).toEqual({ code, element });
  });

  it.each([
    ['no entries', sampleBundle([]), 'bundle_malformed', 'Bundle.entry'],
    [
      'a message',
      sampleBundle([samplePatient(), observation], { type: 'message' }),
      'bundle_wrong_type',
      'Bundle.type',
    ],
    ['nobody', sampleBundle([observation]), 'bundle_no_patient', 'Bundle.entry'],
    [
      'two people',
      sampleBundle([samplePatient(), samplePatient(), observation]),
      'bundle_several_patients',
      'Bundle.entry[1].resource',
    ],
    ['a person only', sampleBundle([samplePatient()]), 'bundle_nothing_readable', 'Bundle.entry'],
    [
      'a value that is text',
      sampleBundle([samplePatient(), sampleObservation({ extra: { valueQuantity: { value: '4.1' } } })]),
      'bundle_malformed',
      'Bundle.entry[1].resource.valueQuantity.value',
    ],
    [
      'a code that is missing',
      sampleBundle([samplePatient(), sampleObservation({ extra: { code: undefined } })]),
      'bundle_malformed',
      'Bundle.entry[1].resource.code',
    ],
    [
      'a range whose limit is text',
      sampleBundle([samplePatient(), sampleObservation({ extra: { referenceRange: [{}, { low: { value: 'a' } }] } })]),
      'bundle_malformed',
      'Bundle.entry[1].resource.referenceRange[1].low.value',
    ],
    [
      'a result of somebody else',
      sampleBundle([samplePatient(), sampleObservation({ extra: { subject: { reference: 'Patient/p2' } } })]),
      'bundle_reference_missing',
      'Bundle.entry[1].resource.subject.reference',
    ],
  ])('%s', (_, bundle, code, element) => {
    expect(refusal(bundle)).toEqual({ code, element });
  });
});

const published = readVector('fhir/clinical-core/Bundle-Bundle-CLINS-Observations-Example-01.json');

it.skipIf(!published)(
  'takes the published JP-CLINS collection (skipped without the vectors beside the project)',
  () => {
    const file = parseBundleFile(new TextDecoder().decode(published));
    expect(file.kind).toBe('laboratory');
    expect(file.observations).toHaveLength(4);
    expect(file.patient.birthDate).toBe('1930-06-28');
  },
);

const referral = readVector('fhir/jpfhir-example-creation/Bundle-bundleReferralExample01.json');

it.skipIf(!referral)('takes a published referral document (skipped without the vectors beside the project)', () => {
  expect(parseBundleFile(new TextDecoder().decode(referral)).kind).toBe('referral');
});
