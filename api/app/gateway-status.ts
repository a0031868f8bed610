import { Hono } from 'hono';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { GatewayStatus } from '../contract/gateway-api.ts';
import { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import { publicPart, type JWK } from '../contract/jose.ts';
import type { SetUp } from '../enrolment/set-up.ts';
import type { CheckpointWatch } from '../presence/checkpoint-watch.ts';
import type { GatewayVisitStore } from '../storage/gateway-visits.ts';

/** `GET /api/status` of a gateway: what a terminal must know before and after it signs in; nothing about anybody. */
export function createGatewayStatusRoute(parts: {
  readonly config: GatewayConfig;
  readonly watch: CheckpointWatch;
  readonly visits: GatewayVisitStore;
  readonly setUp: SetUp;
  /** Public half of the key that opens letters. */
  readonly letterKey: JWK;
  readonly now: () => Date;
}): Hono {
  const { institution, exchange, terminalCode, demoWorld } = parts.config;
  const letterKey = EcPublicJwk.parse(publicPart(parts.letterKey));
  return new Hono().get('/api/status', async (context) =>
    context.json({
      role: 'gateway',
      institution,
      exchange: { id: exchange.id, name: exchange.name, reachable: parts.watch.isReachable() },
      demo: demoWorld !== undefined,
      time: parts.now().toISOString(),
      checkpoint: await parts.watch.newest(),
      waitingForExchange: await parts.visits.countKept(),
      terminalCodeRequired: terminalCode !== undefined || demoWorld === undefined,
      needsSetUp: parts.setUp.code() !== undefined,
      letterKey,
    } satisfies GatewayStatus),
  );
}
