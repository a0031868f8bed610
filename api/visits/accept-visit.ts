import { parseBase64 } from '../contract/encoding.ts';
import type { VisitOutcome } from '../contract/exchange-api.ts';
import type { ExchangeId, InstitutionId, Subject } from '../contract/ids.ts';
import type { AskPayer } from '../contract/payer-answer.ts';
import type { PresenceClaims, PresenceSubmission } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { PROOF_LIMITS } from '../contract/proof-limits.ts';
import { readVisitRecord, type VisitRecord } from '../contract/visit-record.ts';
import type { PresenceUse } from '../storage/presence.ts';
import type { StoredVisit, VisitPlace, VisitStore } from '../storage/visits.ts';
import { checkCoverage, type CheckedCoverage } from './coverage-check.ts';
import type { ReceiptSource } from './receipts.ts';
import { createRecordSealer, type ImmediateSigner } from './record-sealer.ts';
import { hashSubmission } from './submission-hash.ts';

/** What the presence verifier found out, as far as a visit needs it. */
export interface AcceptedPresence {
  readonly claims: PresenceClaims;
  readonly hash: string;
  readonly binding: { readonly subject: Subject };
  readonly presentedAt: Date;
  readonly notBefore: Date;
  readonly simulated: boolean;
  readonly use: PresenceUse;
}

export interface VisitAcceptanceParts {
  readonly exchange: ExchangeId;
  /** Has the exchange's signing key. */
  readonly signer: ImmediateSigner;
  readonly visits: VisitStore;
  readonly receipts: ReceiptSource;
  readonly verifyVisit: (submission: PresenceSubmission, actor: InstitutionId) => Promise<AcceptedPresence>;
  readonly payer: { readonly ask: AskPayer; readonly federationKey: Uint8Array };
  readonly now: () => Date;
}

/** How long a visit's answer waits for its receipt; a person is waiting too. */
const RECEIPT_WAIT_MS = 1500;

/**
 * Accepts one visit at the exchange: verified, coverage asked for, recorded in one durable step, receipted.
 *
 * The same submission again gets the same record. Names are asked of the payer anew then: no exchange keeps them.
 */
export function createVisitAcceptance(parts: VisitAcceptanceParts) {
  const seal = createRecordSealer(parts.signer);

  return async (submission: PresenceSubmission, institution: InstitutionId): Promise<VisitOutcome> => {
    const submissionHash = hashSubmission(submission);
    const known = await parts.visits.findBySubmission(institution, submission.submissionId);
    if (known) return answerAgain(known, submission, submissionHash);

    const presence = await parts.verifyVisit(submission, institution);
    const { subject } = presence.binding;
    const coverage = await askPayer(submission, institution, subject, presence.presentedAt);
    const { submissionId } = submission;
    const visit = await parts.visits.accept(
      { id: presence.claims.jti, institution, subject, submissionId, submissionHash, use: presence.use },
      (place) => seal(describeVisit(presence, place, coverage, institution)),
    );
    return answer(visit, coverage);
  };

  function describeVisit(
    { claims, hash, presentedAt, notBefore, simulated, binding }: AcceptedPresence,
    place: VisitPlace,
    { summary }: CheckedCoverage,
    institution: InstitutionId,
  ): VisitRecord {
    return {
      version: 1,
      id: claims.jti,
      iss: parts.exchange,
      subject: binding.subject,
      institution,
      presentedAt: presentedAt.toISOString(),
      notBefore: notBefore.toISOString(),
      acceptedAt: parts.now().toISOString(),
      proofMethod: claims.proofMethod,
      limits: PROOF_LIMITS[claims.proofMethod],
      simulated,
      freshness: claims.freshness,
      presenceHash: hash,
      coverage: summary,
      ...place,
    };
  }

  function askPayer(submission: PresenceSubmission, institution: InstitutionId, subject: Subject, at: Date) {
    return checkCoverage({ certificate: parseBase64(submission.certificate), institution, at, subject }, parts.payer);
  }

  async function answerAgain(
    visit: StoredVisit,
    submission: PresenceSubmission,
    submissionHash: string,
  ): Promise<VisitOutcome> {
    if (visit.submissionHash !== submissionHash) {
      throw new Problem('conflict', "the submission's id stands for something else");
    }
    const record = readVisitRecord(visit.record);
    const { institution, subject } = visit;
    const coverage = await askPayer(submission, institution, subject, new Date(record.presentedAt));
    // What was recorded stands; a payer that says something else by now is not shown beside it.
    const isSame = coverage.summary.status === record.coverage.status;
    return answer(visit, isSame ? coverage : { person: coverage.person, view: { status: 'unchecked' } });
  }

  async function answer(
    visit: StoredVisit,
    { person, view }: Pick<CheckedCoverage, 'person' | 'view'>,
  ): Promise<VisitOutcome> {
    const receipt = await parts.receipts.tryReceipt(visit, RECEIPT_WAIT_MS);
    return { record: visit.record, person, coverage: view, receipt };
  }
}
