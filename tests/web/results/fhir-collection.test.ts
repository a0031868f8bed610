import { expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { toCollection } from '#lib/results/fhir-collection.ts';

it('holds every document as it came, each once', () => {
  const bundles = [{ resourceType: 'Bundle', type: 'document', entry: [{ note: '6.90' }] }, { resourceType: 'Bundle' }];
  const documents = bundles.map((bundle) => ({
    institution: 'sakura/1310000012',
    document: {
      id: createId(),
      visitId: createId(),
      kind: 'laboratory' as const,
      registeredAt: '2026-11-22T00:00:00Z',
      bundle,
    },
  }));
  const collection = toCollection(documents, new Date('2026-11-23T00:00:00Z'));
  expect(collection).toMatchObject({
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: '2026-11-23T00:00:00.000Z',
  });
  expect(collection.entry.map(({ resource }) => resource)).toEqual(bundles);
  expect(collection.entry.map(({ fullUrl }) => fullUrl)).toEqual(
    documents.map(({ document }) => `urn:uuid:${document.id}`),
  );
});
