import { createEvidenceExport, type EvidenceExport } from '../contract/evidence/evidence-export.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { isSameBytes } from '../contract/evidence/canonical-text.ts';
import { commitRecord } from '../contract/evidence/commitment.ts';
import type { AccessEventStore } from '../storage/access-events.ts';
import type { EvidenceStore } from '../storage/evidence.ts';
import type { VisitStore } from '../storage/visits.ts';
import type { EvidenceLog } from './log.ts';

/** What leaves commit to, by their index; absent for one that was forgotten. */
export type OpeningReader = VisitStore['readOpenings'];
/** Which leaves are entries of access logs. */
export type AccessLeafReader = AccessEventStore['listLeaves'];

/**
 * Leaves `begin` to `end` (exclusive) for an auditor, under the newest checkpoint.
 *
 * @throws {EvidenceError} `leaf_not_integrated`; `leaf_mismatch` when a stored record is not what its leaf commits to
 */
export async function exportRange(
  {
    log,
    store,
    readOpenings,
    listAccessLeaves,
  }: {
    readonly log: EvidenceLog;
    readonly store: EvidenceStore;
    readonly readOpenings: OpeningReader;
    readonly listAccessLeaves: AccessLeafReader;
  },
  begin: number,
  end: number,
): Promise<EvidenceExport> {
  const { note, proof, timestamp } = await log.rangeProof(begin, end);
  const openings = await readOpenings(begin, end);
  const access = new Set(await listAccessLeaves(begin, end));
  const commitments = await store.readLeaves(begin, end);
  const leaves = commitments.map((commitment, at) => {
    const opening = openings.get(begin + at);
    if (opening && !isSameBytes(commitRecord(opening.record, opening.salt), commitment)) {
      throw new EvidenceError('leaf_mismatch', `leaf ${begin + at}`);
    }
    return { commitment, ...(opening ? { opening } : {}), isAccess: access.has(begin + at) };
  });
  return createEvidenceExport({ begin, leaves, proof, checkpoint: note, ...(timestamp ? { timestamp } : {}) });
}
