import { beforeAll, expect, it } from 'vitest';
import { readAttachments } from '#api/contract/attachment.ts';
import { parseFhirBundle, requireBundleKind } from '#api/contract/fhir-bundle.ts';
import { requireReferences } from '#api/contract/fhir-references.ts';
import { RECORD_KINDS } from '#api/contract/record-kind.ts';
import { createSampleBundle } from '#api/demo/sample-bundle.ts';
import { createFhirValidator } from '#api/records/fhir-validator.ts';
import { fullName } from '#api/synthetic/people/person.ts';
import type { SyntheticWorld } from '#api/synthetic/world.ts';
import { sharedWorld, WORLD_TIMEOUT_MS } from './shared-world.ts';

let world: SyntheticWorld;
beforeAll(async () => void (world = await sharedWorld()), WORLD_TIMEOUT_MS);
const fhir = createFhirValidator();

it.each(RECORD_KINDS)('makes a sample that can be registered as %s', async (kind) => {
  const one = world.people[0]!;
  const person = { subject: 's'.repeat(43), name: fullName(one), kana: '', birthDate: one.birthDate, sex: one.sex };
  const visit = { person, presentedAt: new Date('2026-11-20T02:00:00Z') };
  const { bundle } = createSampleBundle(world, visit, world.institutions.a.id, kind);
  const parsed = parseFhirBundle(JSON.parse(JSON.stringify(bundle)));
  requireBundleKind(parsed, kind);
  requireReferences(parsed);
  expect(readAttachments(parsed, { isRequired: false })).toHaveLength(kind === 'attachment' ? 2 : 0);
  await fhir.requireValid(JSON.parse(JSON.stringify(bundle)) as object);
  expect(createSampleBundle(world, visit, world.institutions.a.id, kind).bundle).toEqual(bundle);
});
