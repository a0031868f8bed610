import { Hono, type MiddlewareHandler } from 'hono';
import { PeerHistoryRequest, type HistoryOutcome } from '../../contract/exchange-api.ts';
import { HistoryView } from '../../contract/histories-api.ts';
import { PresenceSubmission } from '../../contract/presence-proof.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import { readJson } from '../../http/request-body.ts';
import type { CallerEnv } from '../../http/signed-caller.ts';
import { answerPeer } from './answer-peer.ts';
import { collectHistory } from './collect-history.ts';
import type { HistoryParts } from './parts.ts';

/** Histories at an exchange: for its members, and for peers that ask on behalf of theirs. */
export function createHistoryRoutes(
  parts: HistoryParts,
  guard: (options: { readonly only: 'member' | 'peer' }) => MiddlewareHandler<CallerEnv>,
): Hono<CallerEnv> {
  const app = new Hono<CallerEnv>();
  app.post('/api/histories', guard({ only: 'member' }), async (context) => {
    const submission = await readJson(context, PresenceSubmission);
    const outcome = await collectHistory(parts, submission, context.var.caller.id);
    return context.json(outcome satisfies HistoryOutcome);
  });
  app.post('/api/peer/histories', guard({ only: 'peer' }), async (context) => {
    const { consent } = await readJson(context, PeerHistoryRequest);
    return context.json(await answerPeer(parts, context.var.caller.id, consent));
  });
  return app;
}

/** Peers are given their time by the exchange. */
const EXCHANGE_TIMEOUT_MS = 20_000;

/**
 * `POST /api/histories` of a gateway: the exchange verifies and collects, the gateway passes on.
 *
 * @param parts.inspect the gateway's own checks of a tap; rejects with a `Problem`
 */
export function createGatewayHistoryRoutes(parts: {
  readonly exchange: ExchangeClient;
  readonly inspect: (submission: PresenceSubmission) => Promise<unknown>;
}): Hono {
  return new Hono().post('/api/histories', async (context) => {
    const submission = await readJson(context, PresenceSubmission);
    await parts.inspect(submission);
    const options = { timeoutMs: EXCHANGE_TIMEOUT_MS };
    return context.json(await parts.exchange.post('/api/histories', submission, HistoryView, options));
  });
}
