import { Hono } from 'hono';
import type { InstitutionId } from '../contract/ids.ts';
import { Problem } from '../contract/problem.ts';
import { AvailableResults, ResultsQueryPosting, type ResultsQueryAnswer } from '../contract/results-query.ts';
import { readJson } from '../http/request-body.ts';

/** A session as far as a query needs it. */
export interface QuerySession {
  readonly transcript: string;
  ask(question: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** `POST /api/queries`: what does another institution have, asked and answered while the doctor waits. */
export const createQueryRoutes = (openSession: (to: InstitutionId) => Promise<QuerySession>): Hono =>
  new Hono().post('/api/queries', async (context) => {
    const { to, consent, kinds } = await readJson(context, ResultsQueryPosting);
    const session = await openSession(to);
    try {
      const answer = AvailableResults.safeParse(await session.ask({ consent, kinds }));
      if (!answer.success || answer.data.from !== to) throw new Problem('session_malformed', 'not an answer');
      return context.json({ answer: answer.data, transcript: session.transcript } satisfies ResultsQueryAnswer);
    } finally {
      // The answer stands, whether the other side hears of the end or not: its keys end with their time.
      await session.close().catch(() => {});
    }
  });
