import { describe, expect, it } from 'vitest';
import { parseFhirBundle, requireBundleKind } from '#api/contract/fhir-bundle.ts';
import { isSamePerson, readPatient } from '#api/contract/fhir-patient.ts';
import { requireReferences } from '#api/contract/fhir-references.ts';
import { createLabBundle } from '#api/synthetic/laboratory/lab-bundle.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from '../synthetic/shared-world.ts';
import { readVector } from '../../vectors.ts';

const patient = { resourceType: 'Patient', id: 'p', name: [{ text: '山田 花子', family: '山田', given: ['花子'] }] };
const result = (more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'ALB' },
  subject: { reference: 'Patient/p' },
  ...more,
});
const bundleOf = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource, i) => ({ fullUrl: `urn:uuid:${i}`, resource })),
});

const refusal = (code: string, detail?: string): unknown =>
  expect.objectContaining(detail === undefined ? { code } : { code, detail });

describe('a bundle', () => {
  it('is read with every member it came with', () => {
    const bundle = bundleOf(patient, result({ extra: { deep: [1] } }));
    expect(parseFhirBundle(bundle)).toEqual(bundle);
  });

  it.each([
    ['Bundle.resourceType', { ...bundleOf(patient), resourceType: 'Patient' }],
    ['Bundle.entry', { ...bundleOf(), entry: [] }],
    ['Bundle.entry', { resourceType: 'Bundle', type: 'collection' }],
    ['Bundle.type', { ...bundleOf(patient), type: 7 }],
    ['Bundle.entry[1].resource', { ...bundleOf(patient), entry: [{ resource: patient }, {}] }],
    ['Bundle.entry[0].resource.id', bundleOf({ ...patient, id: '../../etc/passwd' })],
    ['Bundle.entry[0].resource.id', bundleOf({ ...patient, id: 'a%2fb' })],
    ['Bundle.entry[0].resource.id', bundleOf({ ...patient, id: '..' })],
    ['Bundle.entry[0].resource.resourceType', bundleOf({ ...patient, resourceType: 'Patient/../x' })],
    ['Bundle.entry[1].resource.status', bundleOf(patient, result({ status: undefined }))],
    ['Bundle.entry[1].resource.code', bundleOf(patient, result({ code: undefined }))],
    [
      'Bundle.entry[1].fullUrl',
      { ...bundleOf(), entry: [0, 1].map(() => ({ fullUrl: 'urn:uuid:same', resource: patient })) },
    ],
    ['Bundle.timestamp', { ...bundleOf(patient), timestamp: 'yesterday' }],
  ])('that is malformed is refused by its element: %s', (element, bundle) => {
    expect(() => parseFhirBundle(bundle)).toThrow(refusal('fhir_malformed', element));
  });

  it('that nests without end is refused', () => {
    const deep: unknown = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
    expect(() => parseFhirBundle(deep)).toThrow(refusal('fhir_malformed'));
  });

  it('must be what travels under its kind', () => {
    const results = parseFhirBundle(bundleOf(patient, result()));
    requireBundleKind(results, 'laboratory');
    expect(() => requireBundleKind(results, 'referral')).toThrow(refusal('fhir_unsupported'));
    expect(() => requireBundleKind(results, 'prescription')).toThrow(refusal('fhir_unsupported'));
    expect(() => requireBundleKind(parseFhirBundle(bundleOf(patient)), 'laboratory')).toThrow(
      refusal('fhir_unsupported'),
    );
    const headless = parseFhirBundle({ ...bundleOf(patient, result()), type: 'document' });
    expect(() => requireBundleKind(headless, 'referral')).toThrow(refusal('fhir_malformed'));
  });
});

describe('references', () => {
  const check = (...resources: object[]) => requireReferences(parseFhirBundle(bundleOf(...resources)));

  it('inside the bundle, contained, logical and elsewhere on the web are good', () => {
    check(patient, result({ subject: { reference: 'Patient/p' } }));
    check(patient, result({ subject: { reference: 'Patient/p/_history/2' } }));
    check(patient, result({ subject: { reference: 'urn:uuid:0' } }));
    check(patient, result({ contained: [{ resourceType: 'Specimen', id: 's' }], specimen: { reference: '#s' } }));
    check(patient, result({ performer: [{ reference: 'https://example.org/Practitioner/1' }] }));
    check(patient, result({ performer: [{ identifier: { value: '1' } }] }));
  });

  it.each([
    ['Bundle.entry[1].resource.subject.reference', { subject: { reference: 'urn:uuid:none' } }],
    ['Bundle.entry[1].resource.subject.reference', { subject: { reference: 'Patient/q' } }],
    ['Bundle.entry[1].resource.subject.reference', { subject: { reference: '../Patient/p' } }],
    ['Bundle.entry[1].resource.specimen.reference', { specimen: { reference: '#s' } }],
    [
      'Bundle.entry[1].resource.performer[1].reference',
      { performer: [{ display: 'x' }, { reference: 'Practitioner/1' }] },
    ],
  ])('that lead nowhere are refused by their element: %s', (element, change) => {
    expect(() => check(patient, result(change))).toThrow(refusal('fhir_reference_missing', element));
  });
});

describe('the patient', () => {
  const person = {
    ...{
      subject: 'x'.repeat(43),
      name: '山田 花子',
      kana: 'ヤマダ ハナコ',
      birthDate: '1950-02-03',
      sex: 'female' as const,
    },
  };
  const read = (change: object) => readPatient(parseFhirBundle(bundleOf({ ...patient, ...change })));

  it('is one', () => {
    expect(() => readPatient(parseFhirBundle(bundleOf(result())))).toThrow(refusal('fhir_malformed'));
    const two = bundleOf(patient, { ...patient, id: 'q' });
    expect(() => readPatient(parseFhirBundle(two))).toThrow(refusal('fhir_malformed'));
    expect(() => read({ name: [] })).toThrow(refusal('fhir_malformed', 'Bundle.entry[0].resource.name'));
  });

  it.each([
    ['characters', { name: [{ text: '山田　花子' }] }],
    ['characters in parts', { name: [{ family: '山田', given: ['花子'] }] }],
    ['kana', { name: [{ text: 'ヤマダ ハナコ' }] }],
    ['half-width kana', { name: [{ text: 'ﾔﾏﾀﾞ ﾊﾅｺ' }] }],
    ['several names', { name: [{ text: 'Yamada' }, { family: '山田', given: ['花子'] }], birthDate: '1950-02-03' }],
  ])('is the same person by %s', (_how, change) => {
    expect(isSamePerson(read(change), person)).toBe(true);
  });

  it.each([
    ['name', { name: [{ text: '山田 太郎' }] }],
    ['day of birth', { birthDate: '1950-02-04' }],
    ['empty name', { name: [{ text: ' ' }] }],
  ])('is another person by %s', (_how, change) => {
    expect(isSamePerson(read(change), { ...person, kana: '' })).toBe(false);
  });
});

describe('bundles made elsewhere', () => {
  const results = readVector('fhir/clinical-core/Bundle-Bundle-CLINS-Observations-Example-01.json');
  const letter = readVector('fhir/jpfhir-example-creation/Bundle-bundleReferralExample01.json');

  it.skipIf(!results)(
    'JP-CLINS results with one identifier for all of them lose none (skipped without the vector)',
    () => {
      const json: unknown = JSON.parse(new TextDecoder().decode(results));
      const bundle = parseFhirBundle(json);
      requireBundleKind(bundle, 'laboratory');
      requireReferences(bundle);
      const observations = bundle.entry.filter(({ resource }) => resource.resourceType === 'Observation');
      expect(observations).toHaveLength(4);
      const identifiers = observations.map(({ resource }) => JSON.stringify(resource['identifier']));
      expect(new Set(identifiers).size).toBe(1);
      expect(bundle).toEqual(json);
      expect(readPatient(bundle).birthDate).toBe('1930-06-28');
    },
  );

  it.skipIf(!letter)('an eReferral document is read (skipped without the vector)', () => {
    const bundle = parseFhirBundle(JSON.parse(new TextDecoder().decode(letter)));
    requireBundleKind(bundle, 'referral');
    requireReferences(bundle);
  });

  it(
    'the demonstration’s own results are read',
    async () => {
      const { people, institutions } = await sharedWorld();
      const dates = ['2026-01-10', '2026-06-10'] as const;
      const bundle = parseFhirBundle(createLabBundle(people[0]!, { institution: institutions.a, dates }));
      requireBundleKind(bundle, 'laboratory');
      requireReferences(bundle);
      expect(readPatient(bundle).birthDate).toBe(people[0]!.birthDate);
    },
    WORLD_TIMEOUT_MS,
  );
});
