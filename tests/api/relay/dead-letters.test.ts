import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeadLetterRoutes } from '#api/relay/dead-letter-routes.ts';
import { createUndeliveredRoutes } from '#api/relay/post-office/routes.ts';
import { answerProblems } from '#api/http/problem-answer.ts';
import { Hono } from 'hono';
import { expireEnvelopes } from '#api/relay/expiry.ts';
import { DeadLetters } from '#api/contract/relay-api.ts';
import { createId } from '#api/contract/ids.ts';
import { createParties, DAY_MS, later, NOW, type TestExchange } from '../parties/parties.ts';
import { createNetwork, until } from './network-fixture.ts';
import { createRelay, seal } from './relay-fixture.ts';
import { acceptEnvelope } from '#api/relay/accept-envelope.ts';

let parties: { readonly east: TestExchange; readonly west: TestExchange };
let network: ReturnType<typeof createNetwork>;
beforeAll(async () => {
  parties = await createParties();
});

const mount = (routes: Hono) => {
  const app = new Hono();
  answerProblems(app, () => {});
  app.route('/', routes);
  return async (path: string, method = 'POST') => {
    const response = await app.request(path, { method });
    const json: unknown = await response.json();
    return response.ok ? DeadLetters.parse(json).letters : (json as { readonly code: string }).code;
  };
};

describe('at the sender', () => {
  beforeEach(() => {
    network = createNetwork(parties);
  });
  afterEach(() => network.stop());

  it('an envelope whose time is over is listed, and given up by a person once', async () => {
    const { a, b, start } = network;
    const { id } = await b.send(parties.east.member.id, 'too late', { expires: NOW });
    start();
    await until(async () => (await b.store.read(id))?.state === 'expired');
    const ask = mount(createUndeliveredRoutes(b.office.parts));
    expect(await ask('/api/dead-letters', 'GET')).toMatchObject([{ id, state: 'expired', resendable: true }]);
    expect(await ask(`/api/dead-letters/${createId()}/resend`)).toBe('not_found');
    expect(await ask(`/api/dead-letters/${id}/discard`)).toEqual([]);
    expect(await ask(`/api/dead-letters/${id}/resend`)).toBe('not_found');
    expect(a.diary()).toEqual([]);
  });

  it('an envelope that the recipient refused goes out in a new one, to the key it has now', async () => {
    const { a, b, start } = network;
    const outgoing = await b.misdirect(parties.east.member.id, parties.west.member, 'the statement');
    start();
    await until(async () => (await b.store.read(outgoing.id))?.state === 'refused');
    const ask = mount(createUndeliveredRoutes(b.office.parts));
    expect(await ask('/api/dead-letters', 'GET')).toMatchObject([{ reason: 'decryption_failed', state: 'refused' }]);
    expect(await ask(`/api/dead-letters/${outgoing.id}/resend`)).toEqual([]);
    await until(() => a.diary().length === 1);
    expect(a.diary()).toEqual(['the statement']);
    await until(async () => (await b.store.read(outgoing.id))?.state === 'acknowledged');
  });
});

describe('at the exchange', () => {
  it('an envelope that a peer would not take for now is held, let go by a person, and arrives', async () => {
    network = createNetwork(parties, { eastKnowsItselfAs: { ...parties.east, network: 'umi' } });
    const { a, b, atWest } = network;
    const ask = mount(createDeadLetterRoutes(atWest.parts));
    const outgoing = await b.send(parties.east.member.id, 'held');
    network.start();
    await until(async () => (await b.store.read(outgoing.id))?.state === 'held');
    expect((await b.store.read(outgoing.id))?.reason).toBe('recipient_unknown');
    expect(await ask('/api/operator/dead-letters', 'GET')).toMatchObject([
      { id: outgoing.id, state: 'held', reason: 'recipient_unknown', resendable: true },
    ]);
    network.mend();
    expect(await ask(`/api/operator/dead-letters/${outgoing.id}/resend`)).toEqual([]);
    await until(async () => (await b.store.read(outgoing.id))?.state === 'acknowledged');
    expect(a.diary()).toEqual(['held']);
    await network.stop();
  });

  it('a held envelope is refused by a person, or by itself after a day', async () => {
    let time = NOW;
    const { west, east } = parties;
    const relay = createRelay(west, [east], () => time);
    const ask = mount(createDeadLetterRoutes(relay.parts));
    const hold = async () => {
      const mail = await seal(west.member, east.member, { expires: later(5 * DAY_MS).toISOString() });
      const { envelope } = await acceptEnvelope(
        relay.parts,
        { kind: 'member', id: west.member.id },
        mail.seal,
        mail.body,
      );
      const receipt = {
        issuer: 'west',
        state: 'held',
        at: time,
        jws: `held ${envelope.id}`,
        reason: 'forbidden',
      } as const;
      await relay.parts.store.hold(envelope.id, 'forbidden', receipt);
      return envelope.id;
    };
    const first = await hold();
    expect(await ask(`/api/operator/dead-letters/${first}/discard`)).toEqual([]);
    expect((await relay.parts.store.read(first))?.state).toBe('refused');
    const second = await hold();
    expect(await expireEnvelopes(relay.parts)).toBe(0);
    time = later(DAY_MS + 1000);
    expect(await expireEnvelopes(relay.parts)).toBe(1);
    expect(await ask('/api/operator/dead-letters', 'GET')).toMatchObject([
      { id: second, state: 'refused', reason: 'forbidden', resendable: false },
    ]);
    expect(await ask(`/api/operator/dead-letters/${second}/discard`)).toEqual([]);
  });

  it.each(['..%2f..%2fstatus', '%2e%2e', 'x'])('has no address for %s', async (id) => {
    const { parts } = createRelay(parties.west, [parties.east], () => NOW);
    expect(await mount(createDeadLetterRoutes(parts))(`/api/operator/dead-letters/${id}/resend`)).toBe('not_found');
  });
});
