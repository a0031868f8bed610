import type { ExchangeId, Subject } from '../ids.ts';
import { JoseError } from '../jose.ts';
import { checkCheckpoint, checkWitnesses } from './check-checkpoint.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import { EvidenceError, type EvidenceErrorCode } from './errors.ts';
import type { ChainedRecord } from './record-chain.ts';
import { findTimelineFaults, verifyTimelineHead, type TimelineFault } from './timeline.ts';
import type { ReceiptTrust } from './trust.ts';

/** Whether records are all of a person's at one exchange. */
export type Completeness =
  | {
      readonly kind: 'complete';
      readonly count: number;
      /** Name of the log, and how many leaves it had: these are all records up to there. */
      readonly origin: string;
      readonly size: number;
      /** When the exchange said so, RFC 3339. */
      readonly signedAt: string;
      /** Witnesses that had seen the log in that state when the answer was given. */
      readonly cosigned: number;
    }
  /** The exchange did not say that these are all. */
  | { readonly kind: 'unproven' }
  /** What it said does not hold, or not of these records. */
  | { readonly kind: 'contradicted'; readonly reason: EvidenceErrorCode; readonly faults: readonly TimelineFault[] };

/**
 * Verifies an exchange's word that these records are all of a person's up to a checkpoint: its signature, the checkpoint's,
 * that both speak of the same state of the log, and that the records form the one chain that the word describes.
 *
 * The records' own signatures and places in the log are verified with their receipts.
 */
export async function verifyTimeline(
  answer: { readonly timeline?: string | undefined; readonly checkpoint: string },
  records: readonly ChainedRecord[],
  expected: { readonly exchange: ExchangeId; readonly subject: Subject },
  trust: ReceiptTrust,
): Promise<Completeness> {
  if (answer.timeline === undefined) return { kind: 'unproven' };
  try {
    const { exchangeKeys } = trust;
    const findKey = ({ kid = '' }: { readonly kid?: string }) =>
      Promise.resolve(Object.hasOwn(exchangeKeys, kid) ? exchangeKeys[kid] : undefined);
    const head = await verifyTimelineHead(answer.timeline, findKey);
    const signed = parseSignedCheckpoint(answer.checkpoint);
    const { origin, size } = signed.checkpoint;
    const checked = await checkCheckpoint(signed, trust);
    if (checked.reason) return { kind: 'contradicted', reason: checked.reason, faults: [] };
    const isMeant = head.iss === expected.exchange && head.subject === expected.subject;
    if (!isMeant || head.origin !== origin || head.size !== size) {
      return { kind: 'contradicted', reason: 'checkpoint_wrong_origin', faults: [] };
    }
    const faults = findTimelineFaults(head, records);
    if (faults.length > 0) return { kind: 'contradicted', reason: 'chain_broken', faults };
    const cosigned = Number((await checkWitnesses(signed, trust)).facts['cosigned']);
    return { kind: 'complete', count: head.count, origin, size, signedAt: head.signedAt, cosigned };
  } catch (error) {
    if (error instanceof EvidenceError) return { kind: 'contradicted', reason: error.code, faults: [] };
    if (!(error instanceof JoseError)) throw error;
    const reason = error.code === 'jws_unknown_key' ? 'record_unknown_key' : 'record_bad_signature';
    return { kind: 'contradicted', reason, faults: [] };
  }
}
