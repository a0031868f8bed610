import { Hono } from 'hono';
import { SessionRequest, TerminalEnrolment } from '../contract/terminals-api.ts';
import { readJson } from '../http/request-body.ts';
import type { SessionCookie } from '../http/terminal-session.ts';
import { openSession } from './session-opening.ts';
import { enrolTerminal, type TerminalEnrolmentParts } from './terminal-enrolment.ts';

/** A gateway's two routes for terminals that have no session yet. */
export function createTerminalRoutes(
  parts: TerminalEnrolmentParts & { readonly origin: string; readonly cookie: SessionCookie },
): Hono {
  return new Hono()
    .post('/api/terminals', async (context) => {
      const posting = await readJson(context, TerminalEnrolment);
      return context.json(await enrolTerminal(posting, parts), 201);
    })
    .post('/api/sessions', async (context) => {
      const { assertion } = await readJson(context, SessionRequest);
      const { token, expires } = await openSession(assertion, parts);
      parts.cookie.write(context, token, expires);
      return context.body(null, 204);
    });
}
