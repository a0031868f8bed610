import { AccessEventAnswer, signAccessEvent } from '../contract/access-event.ts';
import { verifyConsent } from '../contract/consent.ts';
import { createId, type InstitutionId } from '../contract/ids.ts';
import { presenceHash } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import { ResultsQuery, type AvailableResults } from '../contract/results-query.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import { requireStanding } from './consent-checks.ts';
import type { SharingParts, VisitHere } from './parts.ts';
import { tellable, type ToldDocument } from './tellable.ts';

/** Who asks, in which session. */
export interface QueryContext {
  readonly from: InstitutionId;
  readonly sid: string;
  readonly transcript: string;
}

/**
 * Says which results a consent covers, as far as the release policy lets it be known. The person's log hears of the question, with the session's transcript, and stands
 * under the evidence log before the answer leaves; nothing is told when it cannot.
 *
 * @throws {Problem} `malformed_request`, the consent's, `exchange_unreachable`
 */
export async function answerResultsQuery(
  parts: Pick<
    SharingParts,
    'institution' | 'key' | 'now' | 'directory' | 'records' | 'fetchWithdrawals' | 'policy' | 'signers'
  >,
  exchange: Pick<ExchangeClient, 'post'>,
  question: unknown,
  context: QueryContext,
): Promise<AvailableResults> {
  const query = ResultsQuery.safeParse(question);
  if (!query.success) throw new Problem('malformed_request', 'not a query for results');
  const { consent, kinds } = query.data;
  const { exchangeKeys } = parts.directory();
  const verified = await verifyConsent(consent, { exchangeKeys, recipient: context.from, kinds, at: parts.now() });
  await requireStanding(verified, parts.fetchWithdrawals, exchangeKeys);

  const { subject } = verified.binding;
  const visits = await parts.records.visitsOf(subject);
  const { told, withheld } = await tellable(parts, { kinds, from: context.from }, visits);
  const id = createId();
  const event = await signAccessEvent(
    {
      ...{ version: 1, id, iss: parts.institution, subject, at: parts.now().toISOString(), action: 'queried' },
      ...{ to: context.from, doctor: null, kinds, documents: told.length, basis: 'consent', by: 'policy' },
      ...{ consent: presenceHash(consent.presence), requestId: context.sid, transcript: context.transcript },
      refusal: null,
    },
    parts.key,
  );
  await exchange.post('/api/access-events', { events: [event] }, AccessEventAnswer);
  return { from: parts.institution, results: summarize(visits, told), withheld };
}

function summarize(visits: readonly VisitHere[], told: readonly ToldDocument[]): AvailableResults['results'] {
  const groups = Map.groupBy(told, ({ document: { visitId, kind } }) => `${visitId} ${kind}`);
  return [...groups.values()].flatMap((group) => {
    const documents = group.map(({ document }) => document);
    const [first] = documents;
    const visit = visits.find(({ id }) => id === first?.visitId);
    if (!first || !visit) return [];
    const newest = documents
      .map(({ registeredAt }) => registeredAt)
      .reduce((left, right) => (left > right ? left : right));
    const { visitId, kind } = first;
    const effect = group.some((entry) => entry.effect === 'ask') ? 'ask' : 'release';
    return [
      { visitId, kind, presentedAt: visit.presentedAt.toISOString(), documents: documents.length, newest, effect },
    ];
  });
}
