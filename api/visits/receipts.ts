import { encodeCoseReceipt, type CoseReceipt } from '../contract/evidence/cose-receipt.ts';
import { createReceipt, type Receipt } from '../contract/evidence/receipt.ts';
import type { Subject } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import type { StoredVisit, VisitStore } from '../storage/visits.ts';

/** The part of the evidence log that receipts need. */
export interface ReceiptLog {
  waitFor(index: number, signal?: AbortSignal): Promise<void>;
  /** Gives witnesses a moment to cosign the newest checkpoint; resolves whether they did or not. */
  waitForCosignatures?(): Promise<void>;
  evidenceFor(index: number): Promise<{ readonly proof: string; readonly timestamp?: Uint8Array }>;
  proofsFor(indices: readonly number[]): Promise<readonly string[]>;
  coseEvidenceFor(index: number): Promise<Omit<CoseReceipt, 'record' | 'salt' | 'origin'>>;
  latestCheckpoint(): Promise<{ readonly size: number; readonly note: string }>;
}

/** All of a person's receipts at this exchange, and the checkpoint up to which these are all. */
export interface PersonReceipts {
  readonly receipts: readonly Receipt[];
  /** Signed note. */
  readonly checkpoint: string;
}

/** Makes receipts out of stored visits. */
export interface ReceiptSource {
  /** The receipt once the log holds the record, null when it does not in time. */
  tryReceipt(visit: StoredVisit, waitMs: number): Promise<Receipt | null>;
  /** @throws {Problem} `unavailable` when the log does not hold the record in time: ask again */
  requireReceipt(visit: StoredVisit, waitMs: number): Promise<Receipt>;
  /** The receipt in its COSE form. @throws {Problem} `unavailable` as above */
  requireCose(visit: StoredVisit, waitMs: number): Promise<Uint8Array<ArrayBuffer>>;
  /** In the order of the person's chain. */
  receiptsOf(subject: Subject): Promise<PersonReceipts>;
}

export function createReceiptSource(visits: VisitStore, log: ReceiptLog): ReceiptSource {
  const receiptFor = async ({ record, salt, leaf }: StoredVisit): Promise<Receipt> => {
    const { proof, timestamp } = await log.evidenceFor(leaf);
    return createReceipt(record, salt, proof, timestamp);
  };

  async function isIntegrated(visit: StoredVisit, waitMs: number): Promise<boolean> {
    const timeout = AbortSignal.timeout(waitMs);
    try {
      await log.waitFor(visit.leaf, timeout);
    } catch (error) {
      if (timeout.aborted) return false;
      throw error;
    }
    await log.waitForCosignatures?.();
    return true;
  }
  const tryReceipt = async (visit: StoredVisit, waitMs: number) =>
    (await isIntegrated(visit, waitMs)) ? receiptFor(visit) : null;
  const notYet = () => new Problem('unavailable', 'the log does not hold the record yet');

  return {
    tryReceipt,
    async requireReceipt(visit, waitMs) {
      const receipt = await tryReceipt(visit, waitMs);
      if (!receipt) throw notYet();
      return receipt;
    },
    async requireCose(visit, waitMs) {
      if (!(await isIntegrated(visit, waitMs))) throw notYet();
      const { record, salt, leaf } = visit;
      return encodeCoseReceipt({ record, salt, ...(await log.coseEvidenceFor(leaf)) });
    },
    async receiptsOf(subject) {
      await log.waitForCosignatures?.();
      const { size, note } = await log.latestCheckpoint();
      const integrated = (await visits.listBySubject(subject)).filter(({ leaf }) => leaf < size);
      const proofs = await log.proofsFor(integrated.map(({ leaf }) => leaf));
      const receipts = integrated.map(({ record, salt }, at) => createReceipt(record, salt, proofs[at] ?? ''));
      return { receipts, checkpoint: note };
    },
  };
}
