import type { Receipt } from '#api/contract/evidence/receipt.ts';
import type { ReceiptTrust } from '#api/contract/evidence/trust.ts';
import { verifyTimeline, type Completeness } from '#api/contract/evidence/verify-timeline.ts';
import { verifyReceipt, type ReceiptVerdict } from '#api/contract/evidence/verify-receipt.ts';
import type { HistoryPart } from '#api/contract/exchange-api.ts';
import type { ExchangeId, InstitutionId, Subject } from '#api/contract/ids.ts';
import type { ProblemDocument } from '#api/contract/problem.ts';
import { recordHash, type VisitRecord } from '#api/contract/visit-record.ts';
import { countGaps } from './chain.ts';

/** A visit whose record carries the signature of the exchange it came from. */
export interface TimelineVisit {
  /** Hash of the record: unique, whatever two exchanges call their visits. */
  readonly key: string;
  readonly visit: VisitRecord;
  readonly receipt: Receipt;
  readonly exchange: ExchangeId;
  /** Every check of the receipt; the record's signature passed, the others may not have. */
  readonly verdict: ReceiptVerdict;
  readonly isOwn: boolean;
}

/** What one exchange contributed, and everything that is wrong with it. A part is never silently thin. */
export type TimelinePart =
  | {
      readonly kind: 'records';
      readonly exchange: ExchangeId;
      readonly count: number;
      /** Records that the chain names and the exchange did not hand over. */
      readonly gaps: number;
      /** Records not shown: signature unknown, another exchange's, or another person's. */
      readonly refused: readonly ReceiptVerdict[];
      /** Whether these are all, by the exchange's signed word. */
      readonly completeness: Completeness;
    }
  | { readonly kind: 'missing'; readonly exchange: ExchangeId; readonly problem: ProblemDocument };

export interface Timeline {
  /** Newest first, from all exchanges. */
  readonly visits: readonly TimelineVisit[];
  readonly parts: readonly TimelinePart[];
}

export interface TimelineContext {
  readonly subject: Subject;
  /** The institution behind this page: its own visits are not asked for. */
  readonly institution: InstitutionId;
  readonly receiptTrust: (exchange: ExchangeId) => Promise<ReceiptTrust>;
}

/** Verifies every record of every part with the keys of the exchange it came from, and puts them in one order. */
export async function createTimeline(parts: readonly HistoryPart[], context: TimelineContext): Promise<Timeline> {
  const read = await Promise.all(parts.map((part) => readPart(part, context)));
  const visits = read
    .flatMap((part) => part.visits)
    .sort((left, right) => Date.parse(right.visit.presentedAt) - Date.parse(left.visit.presentedAt));
  return { visits, parts: read.map(({ part }) => part) };
}

async function readPart(
  part: HistoryPart,
  { subject, institution, receiptTrust }: TimelineContext,
): Promise<{ readonly part: TimelinePart; readonly visits: readonly TimelineVisit[] }> {
  if (part.kind === 'missing') return { part, visits: [] };
  const { exchange, receipts, timeline, checkpoint } = part;
  const trust = await receiptTrust(exchange);
  const refused: ReceiptVerdict[] = [];
  const visits: TimelineVisit[] = [];
  for (const receipt of receipts) {
    const verdict = await verifyReceipt(receipt, trust);
    const { visit } = verdict;
    if (!visit || visit.iss !== exchange || visit.subject !== subject) refused.push(verdict);
    else {
      const key = recordHash(receipt.record);
      if (visits.some((other) => other.key === key)) continue;
      visits.push({ key, visit, receipt, exchange, verdict, isOwn: visit.institution === institution });
    }
  }
  const gaps = countGaps(visits.map(({ receipt: { record }, visit }) => ({ record, visit })));
  const chained = visits.map(({ key, visit }) => ({ hash: key, visit }));
  const completeness = await verifyTimeline({ timeline, checkpoint }, chained, { exchange, subject }, trust);
  return { part: { kind: 'records', exchange, count: visits.length, gaps, refused, completeness }, visits };
}
