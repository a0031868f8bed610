import { parseFaithfulJson } from '../contract/faithful-json.ts';
import { ReleasedDocument } from '../contract/release.ts';
import type { PrescriptionUse } from '../contract/dispensing.ts';
import type { StoredDocument } from '../storage/records.ts';

/** A stored document as it travels and is shown, its bundle's digits unchanged. */
export const toReleasedDocument = (
  { id, kind, visitId, registeredAt, bundle }: StoredDocument,
  used?: PrescriptionUse,
): ReleasedDocument =>
  ReleasedDocument.parse({
    ...{ id, kind, visitId, registeredAt: registeredAt.toISOString() },
    bundle: parseFaithfulJson(bundle),
    ...(used ? { used } : {}),
  });
