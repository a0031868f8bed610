import type { CoverageSummary } from '../contract/coverage-summary.ts';
import type { InstitutionId, Subject } from '../contract/ids.ts';
import type { AskPayer, PayerAnswer } from '../contract/payer-answer.ts';
import type { CoverageView, Person } from '../contract/person.ts';
import { Problem } from '../contract/problem.ts';
import { createSubject } from '../contract/subject.ts';

/** The payer's answer: what the treating institution gets to see, and what the record keeps of it. */
export interface CheckedCoverage {
  readonly person: Person | null;
  readonly view: CoverageView;
  readonly summary: CoverageSummary;
}

const UNCHECKED: CheckedCoverage = {
  person: null,
  view: { status: 'unchecked' },
  summary: { status: 'unchecked', checkedAt: null, answerHash: null, simulated: false },
};

/**
 * Asks the payer about the person of a verified card. A visit happened whether or not the payer can be reached, so no
 * answer is `unchecked` and not a refusal; so is an answer about somebody else than the card was enrolled for.
 */
export async function checkCoverage(
  query: {
    readonly certificate: Uint8Array;
    readonly institution: InstitutionId;
    readonly at: Date;
    readonly subject: Subject;
  },
  payer: { readonly ask: AskPayer; readonly federationKey: Uint8Array },
): Promise<CheckedCoverage> {
  let answer: PayerAnswer;
  try {
    answer = await payer.ask(query);
  } catch (error) {
    if (error instanceof Problem && error.code === 'payer_unreachable') return UNCHECKED;
    throw error;
  }
  const { personId, coverage, answerHash, simulated } = answer;
  if (personId !== null && createSubject(payer.federationKey, personId) !== query.subject) return UNCHECKED;
  return {
    person: answer.person && { subject: query.subject, ...answer.person },
    view: coverage,
    summary: { status: coverage.status, checkedAt: answer.checkedAt.toISOString(), answerHash, simulated },
  };
}
