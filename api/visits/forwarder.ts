import { VisitOutcome } from '../contract/exchange-api.ts';
import type { InstitutionId } from '../contract/ids.ts';
import type { KeyFinder } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { GatewayVisitStore, KeptVisit } from '../storage/gateway-visits.ts';
import { isFinal, readOutcome } from './exchange-answer.ts';

export interface ForwarderParts {
  readonly visits: GatewayVisitStore;
  readonly exchange: ExchangeClient;
  readonly institution: InstitutionId;
  readonly findExchangeKey: KeyFinder;
  readonly now: () => Date;
}

/** `reached`: the exchange answered, whatever it said. */
export type ForwardResult = 'reached' | 'unreachable';

/** Hands kept visits to the exchange. Sending twice is harmless: the exchange knows a submission by its id. */
export interface VisitForwarder {
  /** Tries one visit now, joining an attempt that is under way; its state afterwards is in the store. */
  forward(submissionId: string, timeoutMs?: number): Promise<ForwardResult>;
}

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 5 * 60_000;

export function createVisitForwarder(parts: ForwarderParts): VisitForwarder {
  const { visits } = parts;
  const underway = new Map<string, Promise<ForwardResult>>();

  async function attempt(submissionId: string, timeoutMs: number | undefined): Promise<ForwardResult> {
    const visit = await visits.findKept(submissionId);
    if (!visit) return 'reached';
    try {
      const options = timeoutMs === undefined ? {} : { timeoutMs };
      const outcome = await parts.exchange.post('/api/visits', visit.submission, VisitOutcome, options);
      await visits.settleRecorded(submissionId, await readOutcome(outcome, visit, parts));
      return 'reached';
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return settleFailure(visit, error);
    }
  }

  async function settleFailure(visit: KeptVisit, problem: Problem): Promise<ForwardResult> {
    if (problem.code === 'exchange_unreachable') return 'unreachable';
    if (isFinal(problem.code)) {
      await visits.settleRefused(visit.submissionId, problem.toDocument());
    } else {
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** visit.attempts, LONGEST_DELAY_MS);
      const next = new Date(parts.now().getTime() + delayMs);
      await visits.postpone(visit.submissionId, problem.toDocument(), next);
    }
    return 'reached';
  }

  return {
    forward(submissionId, timeoutMs) {
      const running =
        underway.get(submissionId) ?? attempt(submissionId, timeoutMs).finally(() => underway.delete(submissionId));
      underway.set(submissionId, running);
      return running;
    },
  };
}
