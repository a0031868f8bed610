import type { SourcedDocument } from './read-results.ts';

/**
 * Documents as they came, together in one file (FHIR R4 Bundle, `collection`): whatever was signed or measured stays as
 * its laboratory wrote it, however the screen converts it.
 */
export const toCollection = (documents: readonly SourcedDocument[], at: Date) => ({
  resourceType: 'Bundle' as const,
  type: 'collection' as const,
  timestamp: at.toISOString(),
  entry: documents.map(({ document }) => ({ fullUrl: `urn:uuid:${document.id}`, resource: document.bundle })),
});
