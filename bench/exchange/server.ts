import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { importSigningKey, type JWK } from '../../api/contract/jose.ts';
import { relayCrypto, type Mail } from './crypto.ts';
import { createNode } from './node.ts';
import { importParty, type ExchangeParty, type PartyJwks } from './parties.ts';

/** What the measuring process asks of the exchange's process. */
export type ServerOrder =
  | { readonly kind: 'open'; readonly key: JWK; readonly members: readonly PartyJwks[]; readonly folder: string }
  | { readonly kind: 'crypto'; readonly mails: readonly Mail[]; readonly times: number }
  | { readonly kind: 'usage' }
  | { readonly kind: 'close' };

export interface ServerAnswer {
  readonly port?: number;
  /** Processor time of the exchange's process so far, in microseconds, and its largest memory in bytes. */
  readonly cpu: number;
  readonly peakBytes: number;
}

const AT_ONCE = 64;
let exchange: ExchangeParty | undefined;
let close = () => Promise.resolve();

const answer = (more: { readonly port?: number } = {}) => {
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpu: user + system,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    ...more,
  } satisfies ServerAnswer);
};

async function open({ key, members, folder }: ServerOrder & { readonly kind: 'open' }): Promise<void> {
  const self = {
    id: 'east',
    key: await importSigningKey(key),
    members: await Promise.all(members.map(importParty)),
  };
  exchange = self;
  const node = createNode(self, [self], join(folder, 'exchange.sqlite'));
  const server = serve({ fetch: node.app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => answer({ port }));
  close = async () => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await node.close();
  };
}

/** The exchange's share of the cryptography for as many messages, and nothing else. */
async function runCrypto({ mails, times }: ServerOrder & { readonly kind: 'crypto' }): Promise<void> {
  const [self, from] = [exchange, exchange?.members[0]];
  if (!self || !from) throw new TypeError('not open');
  let next = 0;
  const work = async () => {
    for (let at = next++; at < times; at = next++) {
      const mail = mails[at % mails.length];
      if (mail) await relayCrypto(mail, from, self);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  answer();
}

// Whoever measured is gone.
process.on('disconnect', () => process.exit());
process.on('message', (order: ServerOrder) => {
  switch (order.kind) {
    case 'open':
      return void open(order);
    case 'crypto':
      return void runCrypto(order);
    case 'usage':
      return answer();
    case 'close':
      return void close().then(() => process.disconnect());
  }
});
