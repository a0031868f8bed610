import { Hono } from 'hono';
import { EnrolmentSubmission } from '../contract/enrolment.ts';
import { readJson } from '../http/request-body.ts';
import type { CallerEnv } from '../http/signed-caller.ts';
import type { CardEnrolment } from './card-enrolment.ts';

/** An exchange's enrolment of cards, for its members. */
export function createEnrolmentRoutes(enrolment: CardEnrolment) {
  return new Hono<CallerEnv>()
    .post('/api/enrolments/challenges', async (context) =>
      context.json(await enrolment.issueChallenge(context.var.caller.id)),
    )
    .post('/api/enrolments', async (context) => {
      const submission = await readJson(context, EnrolmentSubmission);
      return context.json(await enrolment.enrol(submission, context.var.caller.id), 201);
    });
}
