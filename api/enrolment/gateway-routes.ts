import { Hono } from 'hono';
import { EnrolmentChallenge, EnrolmentSubmission } from '../contract/enrolment.ts';
import { EnrolmentOutcome } from '../contract/exchange-api.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import { readJson } from '../http/request-body.ts';
import type { TerminalEnv } from '../http/terminal-session.ts';

/** A gateway's enrolment of cards: it hands on and keeps nothing, for what passes here names the person. */
export function createGatewayEnrolmentRoutes({ exchange }: { readonly exchange: ExchangeClient }) {
  return new Hono<TerminalEnv>()
    .post('/api/enrolments/challenges', async (context) =>
      context.json(await exchange.post('/api/enrolments/challenges', undefined, EnrolmentChallenge)),
    )
    .post('/api/enrolments', async (context) => {
      const submission = await readJson(context, EnrolmentSubmission);
      return context.json(await exchange.post('/api/enrolments', submission, EnrolmentOutcome), 201);
    });
}
