import { createSigningJwk, importSigningKey } from '../../api/contract/jose.ts';
import { EnvelopeAnswer, EnvelopeBatchAnswer, Mailbox } from '../../api/contract/relay-api.ts';
import { createExchangeClient, type ExchangeClient } from '../../api/http/exchange-client.ts';
import { keepForwarding } from '../../api/relay/forward.ts';
import { keepReturningReceipts } from '../../api/relay/return-receipts.ts';
import { readRouting } from '../../api/relay/routing.ts';
import { openMessage, sealMessage } from './crypto.ts';
import { createNode } from './node.ts';
import { createPartyJwks, importParty, type ExchangeParty, type Party } from './parties.ts';

/** What a shape of the network showed. */
export interface Shape {
  readonly networks: number;
  /** Distinct pairs of servers of which one called the other. */
  readonly lines: number;
  readonly sent: number;
  /** Opened by their recipient and acknowledged, and known to be so where they were sent. */
  readonly delivered: number;
  readonly seconds: number;
}

/** Messages that each institution sends, to recipients chosen by a seed. */
const EACH = 2;
const SEED = 20_261_123;

/** Mulberry32: small, and the same everywhere. */
function createSeeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Real relays with signed requests between them, in one process and without sockets: any institution writes to any other.
 *
 * @param count exchanges, all pinned to each other
 * @param networksEach networks behind each, with one institution each
 */
export async function measureShape(count: number, networksEach: number): Promise<Shape> {
  const exchanges = await Promise.all(
    Array.from({ length: count }, async (_, at): Promise<ExchangeParty> => {
      const jwks = Array.from({ length: networksEach }, (__, n) => createPartyJwks(`n${at}-${n}/1310000012`));
      const members = await Promise.all((await Promise.all(jwks)).map(importParty));
      return { id: `exchange-${at}`, key: await importSigningKey(await createSigningJwk()), members };
    }),
  );
  const nodes = new Map(exchanges.map((exchange) => [exchange.id, createNode(exchange, exchanges, ':memory:')]));
  const lines = new Set<string>();
  const clientOf = (self: { readonly id: string; readonly key: Party['signing'] }, exchange: string): ExchangeClient =>
    createExchangeClient({
      ...{ origin: `http://${exchange}.example`, self: self.id, exchange, key: self.key, now: () => new Date() },
      timeoutMs: 120_000,
      fetch: async (url, init) => {
        lines.add([self.id, exchange].sort().join(' '));
        return nodes.get(exchange)!.app.request(url, init);
      },
    });

  const end = new AbortController();
  const loops = exchanges.flatMap((from) =>
    exchanges
      .filter((to) => to !== from)
      .flatMap((to) => {
        const peer = clientOf(from, to.id);
        const options = { signal: end.signal, random: Math.random, report: console.error };
        const { parts } = nodes.get(from.id)!;
        return [keepForwarding(parts, peer, options), keepReturningReceipts(parts, peer, options)];
      }),
  );

  const places = exchanges.flatMap((exchange) => exchange.members.map((member) => ({ member, exchange: exchange.id })));
  const random = createSeeded(SEED);
  const expected = new Map<string, number>();
  const pairs = places.flatMap((from) =>
    Array.from({ length: EACH }, () => {
      const others = places.filter((place) => place !== from);
      const to = others[Math.floor(random() * others.length)]!;
      expected.set(to.member.id, (expected.get(to.member.id) ?? 0) + 1);
      return { from, to };
    }),
  );
  const partyOf = new Map(places.map(({ member }) => [member.id, member]));
  const start = performance.now();
  const sent: { readonly id: string; readonly client: ExchangeClient }[] = [];
  await Promise.all(
    pairs.map(async ({ from, to }) => {
      const client = clientOf({ id: from.member.id, key: from.member.signing }, from.exchange);
      const { id, envelope, body } = await sealMessage(from.member, to.member);
      await client.post('/api/envelopes/batch', { envelopes: [{ envelope, body }] }, EnvelopeBatchAnswer);
      sent.push({ id, client });
    }),
  );
  await Promise.all(
    places.map(async ({ member, exchange }) => {
      const client = clientOf({ id: member.id, key: member.signing }, exchange);
      for (let left = expected.get(member.id) ?? 0; left > 0;) {
        const { envelopes } = await client.get('/api/mailbox?wait=30', Mailbox);
        const outcomes = await Promise.all(
          envelopes.map(async ({ envelope, body }) => {
            const sender = JSON.parse(atob(envelope.split('.')[1] ?? '')) as { readonly from: string };
            await openMessage({ envelope, body: body ?? '' }, partyOf.get(sender.from)!, member);
            return { kind: 'acknowledged', id: readRouting(envelope).id };
          }),
        );
        if (outcomes.length > 0) await client.post('/api/mailbox/outcomes', { outcomes }, EnvelopeBatchAnswer);
        left -= outcomes.length;
      }
    }),
  );
  const states = await Promise.all(sent.map(({ id, client }) => untilAcknowledged(client, id)));
  const seconds = (performance.now() - start) / 1000;
  end.abort();
  await Promise.all(loops);
  await Promise.all([...nodes.values()].map((node) => node.close()));
  const delivered = states.filter((state) => state === 'acknowledged').length;
  return { networks: places.length, lines: lines.size, sent: pairs.length, delivered, seconds };
}

const LOOKS = 200;
const LOOK_EVERY_MS = 50;

async function untilAcknowledged(client: ExchangeClient, id: string): Promise<string> {
  let state = '';
  for (let look = 0; look < LOOKS && state !== 'acknowledged'; look += 1) {
    ({ state } = await client.get(`/api/envelopes/${id}`, EnvelopeAnswer));
    if (state !== 'acknowledged') await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return state;
}
