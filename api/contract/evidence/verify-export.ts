import { parseBase64, parseBase64Url } from '../encoding.ts';
import { recordHash } from '../visit-record.ts';
import { isSameBytes } from './canonical-text.ts';
import { checkCheckpoint, checkWitnesses } from './check-checkpoint.ts';
import { verifyPinnedRecord } from './check-record.ts';
import { checkTimestamp } from './check-timestamp.ts';
import { completeChecks, failed, passed, type Check } from './check.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { commitRecord } from './commitment.ts';
import { EvidenceError } from './errors.ts';
import { parseEvidenceExport, type EvidenceExport } from './evidence-export.ts';
import { verifyRange } from './range-proof.ts';
import { findChainFaults, type ChainedRecord, type ChainFault } from './record-chain.ts';
import { hashLeaf } from './tree-hash.ts';
import type { ReceiptTrust } from './trust.ts';

/** The questions asked of an auditor's export. */
export const EXPORT_CHECKS = [
  'export_format',
  'checkpoint_signature',
  'witnesses',
  'timestamp',
  'range',
  'openings',
  'record_signatures',
  'chains',
] as const;
export type ExportCheckCode = (typeof EXPORT_CHECKS)[number];
export type ExportCheck = Check<ExportCheckCode>;

export interface ExportVerdict {
  readonly checks: readonly ExportCheck[];
  readonly ok: boolean;
  readonly leaves: number;
  /** Leaves that stand in the log and whose content was forgotten. */
  readonly forgotten: number;
  /** Leaves that are entries of access logs, by the exchange's word. */
  readonly access: number;
  /** What is out of order, place by place. Gaps that forgotten leaves may explain are listed and fail nothing. */
  readonly faults: readonly ChainFault[];
}

/** Verifies the text of an export with pinned keys and nothing else. */
export async function verifyExportText(text: string, trust: ReceiptTrust): Promise<ExportVerdict> {
  let content: EvidenceExport;
  let signed: SignedCheckpoint;
  try {
    content = parseEvidenceExport(text);
    signed = parseSignedCheckpoint(content.checkpoint);
  } catch (error) {
    return conclude([failed('export_format', error)], { leaves: 0, forgotten: 0, access: 0 }, []);
  }
  const opened = content.leaves.filter(({ opening }) => opening);
  const access = content.leaves.filter(({ opening, kind }) => !opening && kind === 'access').length;
  const counts = { leaves: content.leaves.length, forgotten: content.leaves.length - opened.length - access, access };
  const { forgotten } = counts;
  const records: ChainedRecord[] = [];
  const signatures = await checkRecords(content, trust, records);
  const faults = findChainFaults(records, content.begin === 0 && forgotten === 0);
  return conclude(
    [
      passed('export_format', { begin: content.begin, ...counts }),
      await checkCheckpoint(signed, trust),
      await checkWitnesses(signed, trust),
      await checkTimestamp(signed, content.timestamp, trust),
      checkRange(content, signed),
      checkOpenings(content),
      signatures,
      checkChains(faults, forgotten),
    ],
    counts,
    faults,
  );
}

function checkRange({ begin, leaves, proof }: EvidenceExport, { checkpoint }: SignedCheckpoint): ExportCheck {
  const { size, root } = checkpoint;
  const leafHashes = leaves.map(({ commitment }) => hashLeaf(parseBase64Url(commitment)));
  const facts = { begin, end: begin + leaves.length, size };
  return verifyRange({ begin, leafHashes, size, root, proof: proof.map(parseBase64) })
    ? passed('range', facts)
    : failed('range', new EvidenceError('proof_mismatch', 'the leaves do not lead to the root'), facts);
}

function checkOpenings({ begin, leaves }: EvidenceExport): ExportCheck {
  const wrong = leaves.findIndex(
    ({ commitment, opening }) =>
      opening && !isSameBytes(commitRecord(opening.record, parseBase64Url(opening.salt)), parseBase64Url(commitment)),
  );
  return wrong < 0
    ? passed('openings', {})
    : failed('openings', new EvidenceError('leaf_mismatch', 'a record is not what the leaf commits to'), {
        index: begin + wrong,
      });
}

async function checkRecords(
  { begin, leaves }: EvidenceExport,
  trust: ReceiptTrust,
  records: ChainedRecord[],
): Promise<ExportCheck> {
  for (const [at, { opening }] of leaves.entries()) {
    if (!opening) continue;
    try {
      const { visit } = await verifyPinnedRecord(opening.record, trust);
      records.push({ hash: recordHash(opening.record), visit });
    } catch (error) {
      return failed('record_signatures', error, { index: begin + at });
    }
  }
  return passed('record_signatures', { records: records.length });
}

function checkChains(faults: readonly ChainFault[], forgotten: number): ExportCheck {
  const gaps = faults.filter((fault) => fault.kind === 'sequence_gap');
  const missing = gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const isExplained = faults.length === gaps.length && missing <= forgotten;
  const facts = { faults: faults.length, missing, forgotten };
  return isExplained
    ? passed('chains', facts)
    : failed('chains', new EvidenceError('chain_broken', faults[0]?.kind ?? ''), facts);
}

function conclude(
  checks: readonly ExportCheck[],
  counts: Pick<ExportVerdict, 'leaves' | 'forgotten' | 'access'>,
  faults: readonly ChainFault[],
): ExportVerdict {
  const all = completeChecks(EXPORT_CHECKS, checks);
  return { checks: all, ok: all.every(({ ok }) => ok), ...counts, faults };
}
