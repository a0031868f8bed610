import type { InstitutionId } from '#api/contract/ids.ts';
import type { ReleasedDocument } from '#api/contract/release.ts';
import { BundleError } from './bundle-error.ts';
import { readBundle, type BundleContents } from './bundle.ts';
import { readRows, type ResultRow } from './result-row.ts';

/** A document that was received or is kept here, and by whose signature or store it is vouched for. */
export interface SourcedDocument {
  readonly document: ReleasedDocument;
  readonly institution: InstitutionId;
}

/** What could not be read, named so that nobody takes silence for a normal result. */
export interface UnreadablePart {
  readonly documentId: string;
  readonly institution: InstitutionId;
  readonly error: BundleError;
}

/** A document with what was read of it. */
export interface ReadDocument extends SourcedDocument {
  readonly contents: BundleContents | undefined;
}

export interface Results {
  readonly rows: readonly ResultRow[];
  readonly documents: readonly ReadDocument[];
  readonly unreadable: readonly UnreadablePart[];
}

/** Reads the results of many documents from many institutions into lines. */
export function readResults(sourced: readonly SourcedDocument[]): Results {
  const unreadable: UnreadablePart[] = [];
  const documents = sourced.map((source): ReadDocument => {
    const complain = (error: BundleError) =>
      unreadable.push({ documentId: source.document.id, institution: source.institution, error });
    try {
      const contents = readBundle(source.document.bundle);
      contents.unreadable.forEach(complain);
      return { ...source, contents };
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      complain(error);
      return { ...source, contents: undefined };
    }
  });
  const rows = documents.flatMap(({ document, institution, contents }) =>
    (contents?.observations ?? []).flatMap((placed) =>
      readRows(placed, { institution, documentId: document.id, visitId: document.visitId }),
    ),
  );
  return { rows: dropCopies(rows), documents, unreadable };
}

/**
 * Drops a line that says in every respect what another says, as when one document was released twice. Identifiers do
 * not decide: published examples give one identifier to four different results.
 */
export function dropCopies(rows: readonly ResultRow[]): readonly ResultRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = JSON.stringify([
      row.source.institution,
      row.analyte.key,
      row.analyte.jlac10?.code,
      row.value,
      row.range,
      row.judgement,
      row.takenAt?.text,
      row.status,
      row.specimen,
      row.notes,
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
