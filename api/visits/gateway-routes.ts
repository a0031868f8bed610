import { Hono } from 'hono';
import * as z from 'zod';
import { LetterPosting, type LetterAnswer, type VisitView } from '../contract/visits-api.ts';
import type { CoseAnswer } from '../contract/exchange-api.ts';
import { Timestamp, Uuidv7 } from '../contract/ids.ts';
import { PresenceSubmission } from '../contract/presence-proof.ts';
import { Problem, type ProblemDocument } from '../contract/problem.ts';
import { answerProblem } from '../http/problem-answer.ts';
import { readJson, readParameter, readQuery } from '../http/request-body.ts';
import type { TerminalEnv } from '../http/terminal-session.ts';
import type { GatewayVisit, GatewayVisitStore } from '../storage/gateway-visits.ts';
import { toVisitSummary, toVisitView } from './visit-view.ts';

const ListQuery = z.object({
  since: Timestamp.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const SummariesQuery = z.object({
  since: Timestamp.optional(),
  after: Uuidv7.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** A gateway's visits, for its terminals. */
export function createGatewayVisitRoutes(parts: {
  readonly takeVisit: (submission: PresenceSubmission) => Promise<GatewayVisit>;
  /** Opens what a terminal kept for us. @throws {Problem} `decryption_failed`, `presence_malformed` */
  readonly openLetter: (letter: string) => Promise<PresenceSubmission>;
  readonly visits: GatewayVisitStore;
  /** Asks the exchange for a visit's receipt in its COSE form. @throws {Problem} */
  readonly fetchCose: (visitId: string) => Promise<CoseAnswer>;
  /** How many documents are registered for each visit; visits without any may be left out. */
  readonly countDocuments: (visitIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}) {
  async function show(visits: readonly GatewayVisit[]): Promise<VisitView[]> {
    const documents = await parts.countDocuments(visits.map(({ visitId }) => visitId));
    return visits.map((visit) => toVisitView(visit, documents.get(visit.visitId) ?? 0));
  }

  return new Hono<TerminalEnv>()
    .post('/api/visits', async (context) => {
      const visit = await parts.takeVisit(await readJson(context, PresenceSubmission));
      if (visit.state === 'refused') return answerProblem(context, toProblem(visit.problem));
      const [view] = await show([visit]);
      return context.json(view, visit.state === 'recorded' ? 201 : 202);
    })
    .post('/api/letters', async (context) => {
      const { letter } = await readJson(context, LetterPosting);
      const visit = await parts.takeVisit(await parts.openLetter(letter));
      if (visit.state === 'refused') return answerProblem(context, toProblem(visit.problem));
      return context.json(toLetterAnswer(visit), visit.state === 'recorded' ? 201 : 202);
    })
    .get('/api/visits', async (context) => {
      const { since, limit } = readQuery(context, ListQuery);
      const visits = await parts.visits.list({ limit, ...(since ? { since: new Date(since) } : {}) });
      return context.json({ visits: await show(visits) });
    })
    .get('/api/visit-summaries', async (context) => {
      const { since, after, limit } = readQuery(context, SummariesQuery);
      const from = since ? { since: new Date(since) } : {};
      const visits = await parts.visits.list({ limit, ...from, ...(after ? { after } : {}) });
      return context.json({ visits: (await show(visits)).map(toVisitSummary) });
    })
    .get('/api/visits/:submissionId/receipt/cose', async (context) => {
      const visit = await parts.visits.find(readParameter(context, 'submissionId', Uuidv7));
      if (visit?.state !== 'recorded') throw new Problem('not_found', 'no such record');
      return context.json(await parts.fetchCose(visit.visitId));
    })
    .get('/api/visits/:submissionId', async (context) => {
      const visit = await parts.visits.find(readParameter(context, 'submissionId', Uuidv7));
      if (!visit) throw new Problem('not_found', 'no such submission');
      const [view] = await show([visit]);
      return context.json(view);
    });
}

const toLetterAnswer = ({ submissionId, visitId, state, presentedAt, problem }: GatewayVisit): LetterAnswer => ({
  submissionId,
  visitId,
  state,
  presentedAt: presentedAt.toISOString(),
  problem,
});

function toProblem(document: ProblemDocument | null): Problem {
  if (!document) throw new TypeError('a refused visit holds its problem');
  return new Problem(document.code, document.detail ?? '');
}
