import { Hono } from 'hono';
import { Challenge, ChallengeRequest } from '../contract/challenge.ts';
import { Problem } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import { readJson } from '../http/request-body.ts';
import type { TerminalEnv } from '../http/terminal-session.ts';

/** Hands a terminal the exchange's challenge. A terminal waits for this with a card on the reader, so it waits briefly. */
const TIMEOUT_MS = 3000;

/** A gateway's challenges, for the terminal that asks. */
export function createGatewayChallengeRoutes({ exchange }: { readonly exchange: ExchangeClient }) {
  return new Hono<TerminalEnv>().post('/api/challenges', async (context) => {
    const request = await readJson(context, ChallengeRequest);
    if (request.terminal !== context.var.terminal.id) throw new Problem('forbidden', 'for another terminal');
    return context.json(await exchange.post('/api/challenges', request, Challenge, { timeoutMs: TIMEOUT_MS }));
  });
}
