import type { GatewayConfig } from '../config/gateway-config.ts';
import type { DirectoryView } from '../directory/directory-view.ts';
import { createRequestMemory, type RequestMemory } from '../http/request-memory.ts';
import { createSignedCaller, type CallerFinder } from '../http/signed-caller.ts';
import type { CallerGuard } from '../relay/caller-guard.ts';

/** What a gateway knows its exchange by. */
export interface ExchangeGuardParts extends Pick<GatewayConfig, 'institution' | 'exchange'> {
  readonly memory?: RequestMemory | undefined;
  readonly directory: () => DirectoryView;
  readonly now: () => Date;
}

/** Lets the gateway's own exchange in by its signature, each request once: by its newest directory's keys, or the pinned. */
export function createExchangeGuard(parts: ExchangeGuardParts): CallerGuard {
  const { institution, exchange, directory, now } = parts;
  const memory = parts.memory ?? createRequestMemory();
  const findCaller: CallerFinder = (id) => {
    if (id !== exchange.id) return undefined;
    const keys = directory().directories.find(({ iss }) => iss === id)?.signingKeys ?? exchange.signingKeys;
    return { kind: 'peer', id, keys };
  };
  return (options) => createSignedCaller({ exchange: institution.id, findCaller, memory, now, ...options });
}
