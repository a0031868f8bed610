import type { Day } from '../calendar.ts';
import type { SyntheticInstitution } from '../institutions.ts';
import type { SyntheticPerson } from '../people/person.ts';
import { createLabObservation } from './lab-observation.ts';
import { createLabPatient } from './lab-patient.ts';
import { measure } from './measure.ts';
import { stableUuid } from './stable-id.ts';

export interface LabOptions {
  readonly institution: SyntheticInstitution;
  /** Days on which blood was taken, the newest last. */
  readonly dates: readonly Day[];
}

export type LabBundle = ReturnType<typeof createLabBundle>;

/**
 * Laboratory results of several days as a hospital would register them: a FHIR R4 collection in the shape of JP_Bundle_CLINS,
 * one Patient and one Observation for each value. The same person and days give the same bundle.
 *
 * @throws {RangeError} without a day
 */
export function createLabBundle(person: SyntheticPerson, { institution, dates }: LabOptions) {
  const newest = dates.at(-1);
  if (newest === undefined) throw new RangeError('at least one day');
  const timestamp = `${newest}T16:00:00+09:00`;
  const key = `${institution.code}/${person.payerId}/${dates.join(',')}`;
  const subject = `urn:uuid:${stableUuid(`patient/${key}`)}`;
  const observations = dates.flatMap((day) =>
    measure(person, day).map((measurement) => {
      // Every observation has an identifier of its own: receivers recognise repeats by it.
      const id = stableUuid(`observation/${institution.code}/${person.payerId}/${day}/${measurement.analyte.jlac10}`);
      return {
        fullUrl: `urn:uuid:${id}`,
        resource: createLabObservation(measurement, { subject, institution, day, id }),
      };
    }),
  );
  return {
    resourceType: 'Bundle',
    id: stableUuid(`bundle/${key}`),
    meta: {
      tag: [{ system: 'http://jpfhir.jp/fhir/clins/CodeSystem/BundleResourceType_CS', code: 'Observation' }],
      lastUpdated: timestamp,
      profile: ['http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_CLINS'],
    },
    language: 'ja',
    identifier: {
      system: 'http://jpfhir.jp/fhir/clins/bundle-identifier',
      value: `${institution.code}^${newest.slice(0, 4)}^${stableUuid(`document/${key}`)}`,
    },
    type: 'collection',
    timestamp,
    entry: [{ fullUrl: subject, resource: createLabPatient(person, institution, timestamp) }, ...observations],
  } as const;
}
