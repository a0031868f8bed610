import { Hono } from 'hono';
import type { GatewayConfig } from '../config.ts';
import type { GatewayStatus } from '../contract/gateway-api.ts';
import type { CheckpointWatch } from '../presence/checkpoint-watch.ts';
import type { GatewayVisitStore } from '../storage/gateway-visits.ts';

/** `GET /api/status` of a gateway: what a terminal must know before and after it signs in; nothing about anybody. */
export function createGatewayStatusRoute(parts: {
  readonly config: GatewayConfig;
  readonly watch: CheckpointWatch;
  readonly visits: GatewayVisitStore;
  readonly now: () => Date;
}): Hono {
  const { institution, exchange, terminalCode, demoWorld } = parts.config;
  return new Hono().get('/api/status', async (context) =>
    context.json({
      role: 'gateway',
      institution,
      exchange: { id: exchange.id, name: exchange.name, reachable: parts.watch.isReachable() },
      demo: demoWorld !== undefined,
      time: parts.now().toISOString(),
      checkpoint: await parts.watch.newest(),
      waitingForExchange: await parts.visits.countKept(),
      terminalCodeRequired: terminalCode !== undefined,
    } satisfies GatewayStatus),
  );
}
