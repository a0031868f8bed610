import { Hono, type MiddlewareHandler } from 'hono';
import { AccessEventPosting, AccessLogView, PeerAccessRequest } from '../../contract/access-event.ts';
import { PresenceSubmission } from '../../contract/presence-proof.ts';
import { PeerWithdrawal, StandingRequest } from '../../contract/withdrawal.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import { readJson } from '../../http/request-body.ts';
import type { CallerEnv } from '../../http/signed-caller.ts';
import type { AccessParts } from './parts.ts';
import { answerPeerLog, readOwnLog } from './read-log.ts';
import { takeEvents } from './take-events.ts';
import { listWithdrawals, takePeerWithdrawal, takeWithdrawal } from './withdraw.ts';

/** A hundred events. */
const EVENTS_LIMIT_BYTES = 1024 * 1024;

/** Access logs and withdrawals at an exchange: for its members, and for peers on behalf of the persons at theirs. */
export function createAccessRoutes(
  parts: AccessParts,
  guard: (options: { readonly only: 'member' | 'peer' }) => MiddlewareHandler<CallerEnv>,
): Hono<CallerEnv> {
  const member = guard({ only: 'member' });
  const peer = guard({ only: 'peer' });
  const app = new Hono<CallerEnv>();
  app.post('/api/access-events', member, async (context) => {
    const { events } = await readJson(context, AccessEventPosting, EVENTS_LIMIT_BYTES);
    return context.json({ stored: await takeEvents(parts, context.var.caller.id, events) });
  });
  app.post('/api/access-logs', member, async (context) => {
    const submission = await readJson(context, PresenceSubmission);
    return context.json((await readOwnLog(parts, submission, context.var.caller.id)) satisfies AccessLogView);
  });
  app.post('/api/withdrawals', member, async (context) => {
    const submission = await readJson(context, PresenceSubmission);
    return context.json((await takeWithdrawal(parts, submission, context.var.caller.id)) satisfies AccessLogView);
  });
  app.post('/api/consents/standing', member, async (context) => {
    const { subject } = await readJson(context, StandingRequest);
    return context.json({ withdrawals: await listWithdrawals(parts, subject) });
  });
  app.post('/api/peer/access-logs', peer, async (context) => {
    const { proof } = await readJson(context, PeerAccessRequest);
    return context.json(await answerPeerLog(parts, context.var.caller.id, proof));
  });
  app.post('/api/peer/withdrawals', peer, async (context) => {
    const { withdrawal } = await readJson(context, PeerWithdrawal);
    await takePeerWithdrawal(parts, context.var.caller.id, withdrawal);
    return context.json({});
  });
  return app;
}

/** Peers are given their time by the exchange. */
const EXCHANGE_TIMEOUT_MS = 20_000;

/**
 * `POST /api/access-logs` and `POST /api/withdrawals` of a gateway: the exchange verifies and answers, the gateway passes on.
 *
 * @param parts.inspect the gateway's own checks of a tap; rejects with a `Problem`
 */
export function createGatewayAccessRoutes(parts: {
  readonly exchange: ExchangeClient;
  readonly inspect: (submission: PresenceSubmission) => Promise<unknown>;
}): Hono {
  const app = new Hono();
  for (const path of ['/api/access-logs', '/api/withdrawals']) {
    app.post(path, async (context) => {
      const submission = await readJson(context, PresenceSubmission);
      await parts.inspect(submission);
      const options = { timeoutMs: EXCHANGE_TIMEOUT_MS };
      return context.json(await parts.exchange.post(path, submission, AccessLogView, options));
    });
  }
  return app;
}
