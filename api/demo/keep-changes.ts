import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.ts';
import type { ExchangeConfig } from '../config/exchange-config.ts';
import { parseConfig, type ServerConfig } from '../config/server-config.ts';
import type { NodeConfig } from './nodes.ts';

type NodeInput = Exclude<NodeConfig, { role: 'payer-simulator' }>;

/**
 * What operators changed in a server's configuration since the demonstration wrote it (`npm run exchange`) outlives the next
 * start, which follows ports and folders: added networks, institutions, peers and operators, pinned and rotated keys, rules.
 */
export async function keepChanges(path: string, fresh: NodeConfig): Promise<NodeConfig> {
  const before = await readBefore(path);
  if (before?.role === 'exchange' && fresh.role === 'exchange') {
    return {
      ...fresh,
      keys: before.keys,
      operators: operatorsOf(before, fresh),
      networks: before.networks,
      institutions: before.institutions,
      // Where a peer is may have changed with the ports; by which key it is known has not.
      peers: before.peers.map((peer) => ({
        ...peer,
        origin: fresh.peers.find(({ id }) => id === peer.id)?.origin ?? peer.origin,
      })),
      ...(before.access ? { access: before.access } : {}),
    };
  }
  if (before?.role === 'gateway' && fresh.role === 'gateway') {
    return { ...fresh, keys: before.keys, operators: operatorsOf(before, fresh) };
  }
  return fresh;
}

/** A configuration of before there were operators gets the demonstration's. */
const operatorsOf = (before: Pick<ExchangeConfig, 'operators'>, { operators = [] }: Pick<NodeInput, 'operators'>) =>
  before.operators.length > 0 ? before.operators : operators;

/** None yet, or one of an older release that no longer fits: then the fresh one stands. */
async function readBefore(path: string): Promise<ServerConfig | undefined> {
  try {
    return parseConfig(await readFile(path, 'utf8'));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing || error instanceof ConfigError) return undefined;
    throw error;
  }
}
