import * as z from 'zod';
import { Base64Url32, ExchangeId, Subject, Timestamp } from '../ids.ts';
import { signClaims, verifyClaims, type SigningKey } from '../jose.ts';
import type { KeyFinder } from '../keys-by-thumbprint.ts';
import { verifyVisitRecord, type VisitRecord } from '../visit-record.ts';
import { parseTlogProof } from './tlog-proof.ts';
import { recordHash } from '../visit-record.ts';
import { findChainFaults, type ChainFault } from './record-chain.ts';
import type { Receipt } from './receipt.ts';

/**
 * An exchange's word that a person's timeline is complete (JWS `timeline+jwt`, ES256): so many records, ending in this
 * one, in the first `size` leaves of its log.
 *
 * Records name their predecessor, so none can be missing in the middle; this closes the end. A record found later
 * below `size` that is not in the chain convicts the exchange by its own signature (`contradictsTimeline`).
 */
export const TimelineHead = z
  .object({
    version: z.literal(1),
    iss: ExchangeId,
    subject: Subject,
    count: z.number().int().nonnegative(),
    /** Hash of the newest record; null when there is none. */
    head: Base64Url32.nullable(),
    origin: z.string().min(1).max(200),
    size: z.number().int().nonnegative(),
    signedAt: Timestamp,
  })
  .readonly();
export type TimelineHead = z.infer<typeof TimelineHead>;

const TIMELINE_TYPE = 'timeline+jwt';

export const signTimelineHead = (head: TimelineHead, key: SigningKey): Promise<string> =>
  signClaims(TIMELINE_TYPE, head, key);

/** @throws {JoseError} */
export async function verifyTimelineHead(jws: string, findKey: KeyFinder): Promise<TimelineHead> {
  return (await verifyClaims(jws, { typ: TIMELINE_TYPE, claims: TimelineHead, findKey })).claims;
}

/** Why a set of records is not the whole timeline its head speaks of. */
export type TimelineFault =
  | ChainFault
  | { readonly kind: 'count_differs'; readonly expected: number; readonly found: number }
  | { readonly kind: 'head_differs'; readonly expected: string | null; readonly found: string | null }
  | { readonly kind: 'foreign_record'; readonly record: string };

/**
 * Compares a person's records at one exchange with the verified head: one unbroken chain, of that length, ending there.
 * The records' signatures and their place in the log are checked with their receipts.
 */
export function findTimelineFaults(
  head: TimelineHead,
  records: readonly { readonly hash: string; readonly visit: VisitRecord }[],
): readonly TimelineFault[] {
  const foreign = records.filter(({ visit }) => visit.subject !== head.subject || visit.iss !== head.iss);
  const followed = new Set(records.map(({ visit }) => visit.previous));
  const last = records.find(({ hash }) => !followed.has(hash))?.hash ?? null;
  // Sequence numbers count an institution's visits of all its patients and say nothing here.
  const chain = findChainFaults(records, true).filter(
    ({ kind }) => kind !== 'sequence_gap' && kind !== 'sequence_repeated',
  );
  return [
    ...foreign.map(({ hash }): TimelineFault => ({ kind: 'foreign_record', record: hash })),
    ...chain,
    ...(records.length === head.count
      ? []
      : [{ kind: 'count_differs', expected: head.count, found: records.length } as const]),
    ...(last === head.head ? [] : [{ kind: 'head_differs', expected: head.head, found: last } as const]),
  ];
}

/**
 * Whether a receipt shows that a head left a record out: it is the same person's, at the same exchange, within the
 * leaves the head speaks of, and not among `records`. The receipt itself must have been verified.
 *
 * @throws {JoseError} {EvidenceError} when the receipt cannot be read
 */
export async function contradictsTimeline(
  head: TimelineHead,
  records: readonly { readonly hash: string }[],
  receipt: Receipt,
  findKey: KeyFinder,
): Promise<boolean> {
  const visit = await verifyVisitRecord(receipt.record, findKey);
  const { index, signedCheckpoint } = parseTlogProof(receipt.proof);
  const isMeant = visit.subject === head.subject && visit.iss === head.iss;
  const isBelow = signedCheckpoint.checkpoint.origin === head.origin && index < head.size;
  const hash = recordHash(receipt.record);
  return isMeant && isBelow && !records.some((known) => known.hash === hash);
}
