import { createLabBundle } from '#api/synthetic/laboratory/lab-bundle.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import type { VisitView } from '#api/contract/visits-api.ts';
import type { Station } from '../station.ts';
import type { Transcript } from '../transcript.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Days before today on which blood was taken, oldest first. */
const DAYS_BEFORE = [360, 270, 180, 90, 0];

/** Registers half-yearly laboratory results of the visitor as a FHIR Bundle. */
export async function registerResults(
  station: Station,
  visit: VisitView,
  world: SyntheticWorld,
  transcript: Transcript,
): Promise<Record<string, unknown>> {
  const person = world.people[0]!;
  const dates = DAYS_BEFORE.map((days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10));
  const bundle = { ...createLabBundle(person, { institution: world.institutions.a, dates }) };
  const registered = await station.gateway.registerRecords({ visitId: visit.visitId, kind: 'laboratory', bundle });
  transcript.travelled('laboratory results (FHIR Bundle)', JSON.stringify(bundle), {
    signedBy: 'nobody yet',
    file: '3-results.json',
  });
  transcript.line(`${registered.resources} resources registered for the visit, kept at A only`);
  return bundle;
}
