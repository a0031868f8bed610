import { beforeAll, describe, expect, it } from 'vitest';
import { createLabBundle, type LabBundle } from '#api/synthetic/laboratory/lab-bundle.ts';
import { estimateGfr, measure } from '#api/synthetic/laboratory/measure.ts';
import type { SyntheticPerson } from '#api/synthetic/people/person.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { readVector, vectorPath } from '../../vectors.ts';
import { NOW, WORLD_TIMEOUT_MS, sharedWorld } from './shared-world.ts';

const dates = ['2025-01-10', '2025-07-04', '2026-01-16', '2026-10-02'] as const;
let world: SyntheticWorld;
let patient: SyntheticPerson;
let bundle: LabBundle;
beforeAll(async () => {
  world = await sharedWorld();
  patient = world.people[0]!;
  bundle = createLabBundle(patient, { institution: world.institutions.a, dates });
}, WORLD_TIMEOUT_MS);
const observationsOf = ({ entry }: LabBundle) =>
  entry.flatMap(({ resource }) => (resource.resourceType === 'Observation' ? [resource] : []));

describe('a laboratory bundle', () => {
  it('is a collection of one patient and every value of every day', () => {
    expect([bundle.resourceType, bundle.type]).toEqual(['Bundle', 'collection']);
    const kinds = bundle.entry.map(({ resource }) => resource.resourceType);
    expect(kinds.filter((kind) => kind === 'Patient')).toHaveLength(1);
    const observations = observationsOf(bundle);
    expect(observations).toHaveLength(dates.length * 14);
    const days = new Set(observations.map((observation) => observation.effectiveDateTime.slice(0, 10)));
    expect([...days]).toEqual(dates);
  });

  it('refers inside itself only, every reference to something there', () => {
    const urls = new Set<string>(bundle.entry.map(({ fullUrl }) => fullUrl));
    expect(urls.size).toBe(bundle.entry.length);
    for (const observation of observationsOf(bundle)) {
      expect(urls).toContain(observation.subject.reference);
      const contained = observation.contained.map(({ id }) => `#${id}`);
      expect(contained).toContain(observation.specimen.reference);
      expect(contained).toContain(observation.encounter.reference);
    }
  });

  it('gives every observation an identifier of its own', () => {
    const values = observationsOf(bundle).map((observation) => observation.identifier[0].value);
    expect(new Set(values).size).toBe(values.length);
  });

  it('codes in JLAC10, with the unit in UCUM beside the value and the limits', () => {
    for (const { code, valueQuantity, referenceRange } of observationsOf(bundle)) {
      expect(code.coding.map(({ system }) => system)).toHaveLength(3);
      expect(code.coding[2].code).toMatch(/^\d[A-Z]\d{3}\d{4}(019|023)\d{3}\d{2}$/);
      expect(valueQuantity.system).toBe('http://unitsofmeasure.org');
      const { low, high } = referenceRange[0];
      expect((low ?? high)?.code).toBe(valueQuantity.code);
    }
  });

  it('flags what is outside the limits and nothing else, and there is something to flag', () => {
    const flagged = observationsOf(bundle).filter(({ interpretation }) => interpretation !== undefined);
    expect(flagged.length).toBeGreaterThan(dates.length);
    for (const { valueQuantity, referenceRange, interpretation } of observationsOf(bundle)) {
      const { low, high } = referenceRange[0];
      const flag =
        high && valueQuantity.value > high.value ? 'H' : low && valueQuantity.value < low.value ? 'L' : undefined;
      expect(interpretation?.at(0)?.coding.at(0)?.code).toBe(flag);
    }
  });

  it('is the same when it is made again, and another for another institution', () => {
    expect(createLabBundle(patient, { institution: world.institutions.a, dates })).toEqual(bundle);
    const other = createLabBundle(patient, { institution: world.institutions.b, dates });
    expect(other.id).not.toBe(bundle.id);
    expect(observationsOf(other).map(({ valueQuantity }) => valueQuantity)).toEqual(
      observationsOf(bundle).map(({ valueQuantity }) => valueQuantity),
    );
  });

  it('needs a day', () => {
    expect(() => createLabBundle(patient, { institution: world.institutions.a, dates: [] })).toThrow(RangeError);
  });

  it('says nothing that only the payer knows', () => {
    expect(JSON.stringify(bundle)).not.toContain(patient.payerId);
  });
});

describe('synthetic blood', () => {
  const valueOf = (person: SyntheticPerson, day: string, abbreviation: string) =>
    measure(person, day).find(({ analyte }) => analyte.abbreviation === abbreviation)?.value;

  it('changes slowly: from month to month HbA1c moves by little more than half a point at most', () => {
    for (const person of world.people) {
      for (let month = 1; month < 12; month++) {
        const day = (n: number) => `2026-${String(n).padStart(2, '0')}-05`;
        const step = Math.abs(valueOf(person, day(month + 1), 'HbA1c')! - valueOf(person, day(month), 'HbA1c')!);
        expect(step).toBeLessThan(0.65);
      }
    }
  });

  it('has an eGFR that follows from creatinine, age and sex, for adults only', () => {
    for (const person of world.people) {
      const rate = valueOf(person, '2026-10-02', 'eGFR');
      if (person.id === 'person-05') expect(rate).toBeUndefined();
      else {
        expect(rate).toBeGreaterThan(15);
        expect(rate).toBeLessThan(130);
      }
    }
    expect(estimateGfr(1, 50, 'male')).toBeCloseTo(63.1, 1);
    expect(estimateGfr(0.7, 60, 'female')).toBeCloseTo(65.4, 1);
  });

  it('is the same for the same seed whenever it is made', () => {
    expect(measure(patient, '2026-10-02')).toEqual(measure({ ...patient }, '2026-10-02'));
    expect(NOW.getTime()).toBeGreaterThan(Date.parse('2026-10-02'));
  });
});

const example = 'fhir/clinical-core/Bundle-Bundle-CLINS-Observations-Example-01.json';
const isPresent = vectorPath(example) !== undefined;
describe.skipIf(!isPresent)(
  isPresent ? 'the published example' : `the published example (skipped: vectors/${example} is absent)`,
  () => {
    it('has the same skeleton: profiles, code systems and identifier systems', () => {
      const published = new TextDecoder().decode(readVector(example));
      const ours = JSON.stringify(bundle);
      const wanted = [
        'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Patient_eCS',
        'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS',
        'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS',
        'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS',
        'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
        'http://jpfhir.jp/fhir/clins/bundle-identifier',
        'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
        'urn:oid:1.2.392.100495.20.3.51.1131',
        '3H015000002326101',
        '8A065000002391901',
      ];
      for (const text of wanted) {
        expect(published).toContain(text);
        expect(ours).toContain(text);
      }
    });
  },
);
