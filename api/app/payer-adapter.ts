import type { AskPayer } from '../contract/payer-answer.ts';
import { Problem } from '../contract/problem.ts';
import {
  QualificationError,
  type QualificationProvider,
  type QualificationResult,
} from '../qualification/qualification.ts';

/** The qualification provider as enrolment and visits ask it: whatever is not an answer in order is no answer. */
export function createAskPayer(provider: QualificationProvider): AskPayer {
  return async (query) => {
    let result: QualificationResult;
    try {
      result = await provider.check(query);
    } catch (cause) {
      if (!(cause instanceof QualificationError)) throw cause;
      throw new Problem('payer_unreachable', cause.code, { cause });
    }
    const { coverage, answerHash, answeredAt, simulated } = result;
    const answer = { coverage, answerHash, checkedAt: answeredAt, simulated };
    if (result.kind === 'nobody') return { ...answer, personId: null, person: null };
    const { personId, name, kana, birthDate, sex } = result;
    return { ...answer, personId, person: { name, kana, birthDate, sex } };
  };
}
