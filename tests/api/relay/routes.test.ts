import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { verifyEnvelopeReceipt } from '#api/contract/envelope.ts';
import { ExchangeStatus } from '#api/contract/exchange-status.ts';
import { ENVELOPE_HEADER, EnvelopeAnswer, Mailbox, PeerReceiptsAnswer } from '#api/contract/exchange-api.ts';
import { createId } from '#api/contract/ids.ts';
import { findAmong } from '#api/contract/keys-by-thumbprint.ts';
import { signEnvelopeReceipt } from '#api/contract/envelope.ts';
import { expireEnvelopes } from '#api/relay/expiry.ts';
import { createClock, createKey, createParties, DAY_MS, later, NOW, type TestExchange } from '../parties/parties.ts';
import { callTo, createRelay, seal } from './relay-fixture.ts';

let east: TestExchange;
let west: TestExchange;

beforeAll(async () => {
  ({ east, west } = await createParties());
});

/** EAST with its member A, and WEST calling as a peer with mail of its member B. */
function openEast(clock = createClock()) {
  const relay = createRelay(east, [west], clock.now);
  const a = callTo(relay.app, 'east', { id: east.member.id, key: east.member.signing }, clock.now);
  const peer = callTo(relay.app, 'east', { id: 'west', key: west.key }, clock.now);
  const bring = async (change: object = {}) => {
    const mail = await seal(west.member, east.member, change);
    const options = { headers: { [ENVELOPE_HEADER]: mail.seal } };
    await peer.post('/api/envelopes', encodeUtf8(mail.body), EnvelopeAnswer, options);
    return mail;
  };
  return { ...relay, clock, a, peer, bring };
}

const receiptStates = async (receipts: readonly string[]) =>
  Promise.all(receipts.map(async (jws) => (await verifyEnvelopeReceipt(jws, findAmong([east.key.publicJwk]))).state));

describe('a mailbox', () => {
  it('hands out in order, again until acknowledged, then no more', async () => {
    const { a, bring } = openEast();
    const [first, second] = [await bring(), await bring()];
    const { envelopes } = await a.get('/api/mailbox', Mailbox);
    expect(envelopes).toEqual([first, second].map((mail) => ({ envelope: mail.seal, body: mail.body })));
    expect(await a.get('/api/mailbox', Mailbox)).toEqual({ envelopes });

    const done = await a.post(`/api/mailbox/${first.envelope.id}/acknowledgements`, undefined, EnvelopeAnswer);
    expect(done.state).toBe('acknowledged');
    expect(await receiptStates(done.receipts)).toEqual(['accepted', 'delivered', 'acknowledged']);
    const again = await a.post(`/api/mailbox/${first.envelope.id}/acknowledgements`, undefined, EnvelopeAnswer);
    expect(again).toEqual(done);
    expect((await a.get('/api/mailbox', Mailbox)).envelopes).toHaveLength(1);
  });

  it('lets the recipient refuse, with a reason that the sender’s exchange learns', async () => {
    const { a, parts, bring } = openEast();
    const { envelope } = await bring();
    const body = { reason: 'decryption_failed' };
    const answer = await a.post(`/api/mailbox/${envelope.id}/refusals`, body, EnvelopeAnswer);
    expect(answer.state).toBe('refused');
    const owed = await parts.store.readOwed('west', 10);
    const receipt = await verifyEnvelopeReceipt(owed.at(-1)!.jws, findAmong([east.key.publicJwk]));
    expect(receipt).toMatchObject({ state: 'refused', reason: 'decryption_failed', envelope: envelope.id });
    expect((await a.get('/api/mailbox', Mailbox)).envelopes).toEqual([]);
  });

  it('wakes who waits when something comes', async () => {
    const { a, bring } = openEast();
    const waiting = a.get('/api/mailbox?wait=50', Mailbox, { timeoutMs: 60_000 });
    const mail = await bring();
    expect((await waiting).envelopes).toEqual([{ envelope: mail.seal, body: mail.body }]);
  });

  it('lets nobody wait when the server closes', async () => {
    const { a, close } = openEast();
    const waiting = a.get('/api/mailbox?wait=50', Mailbox, { timeoutMs: 60_000 });
    setImmediate(close);
    expect(await waiting).toEqual({ envelopes: [] });
  });

  it('is the member’s own', async () => {
    const { a, peer, bring } = openEast();
    const { envelope } = await bring();
    await expect(peer.get('/api/mailbox', Mailbox)).rejects.toMatchObject({ code: 'forbidden' });
    const notTheirs = a.post(`/api/mailbox/${createId()}/acknowledgements`, undefined, EnvelopeAnswer);
    await expect(notTheirs).rejects.toMatchObject({ code: 'not_found' });
    await expect(a.get(`/api/envelopes/${createId()}`, EnvelopeAnswer)).rejects.toMatchObject({ code: 'not_found' });
    expect((await a.get(`/api/envelopes/${envelope.id}`, EnvelopeAnswer)).id).toBe(envelope.id);
  });

  it.each(['..%2f..%2fenvelopes', '%2e%2e', 'x'])('has no address for %s', async (id) => {
    const { a } = openEast();
    const attempt = a.post(`/api/mailbox/${id}/acknowledgements`, undefined, EnvelopeAnswer);
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives out nothing after its time and says so to the sender’s exchange', async () => {
    const { a, parts, bring, clock } = openEast();
    const { envelope } = await bring();
    clock.set(later(DAY_MS));
    expect((await a.get('/api/mailbox', Mailbox)).envelopes).toEqual([]);
    expect(await expireEnvelopes(parts)).toBe(1);
    expect(await expireEnvelopes(parts)).toBe(0);
    const owed = await parts.store.readOwed('west', 10);
    expect(await receiptStates(owed.map(({ jws }) => jws))).toEqual(['expired']);
    const late = await a.post(`/api/mailbox/${envelope.id}/acknowledgements`, undefined, EnvelopeAnswer);
    expect(late.state).toBe('expired');
  });
});

describe('receipts from a peer', () => {
  /** WEST, which handed an envelope of B to EAST. */
  async function openWest() {
    const relay = createRelay(west, [east], () => NOW);
    const b = callTo(relay.app, 'west', { id: west.member.id, key: west.member.signing }, () => NOW);
    const peer = callTo(relay.app, 'west', { id: 'east', key: east.key }, () => NOW);
    const mail = await seal(west.member, east.member);
    await b.post('/api/envelopes', encodeUtf8(mail.body), EnvelopeAnswer, {
      headers: { [ENVELOPE_HEADER]: mail.seal },
    });
    const word = (change: object = {}, key = east.key) =>
      signEnvelopeReceipt(
        {
          ...{
            version: 1,
            iss: 'east',
            envelope: mail.envelope.id,
            digest: mail.envelope.digest,
            state: 'acknowledged',
          },
          at: NOW.toISOString(),
          ...change,
        },
        key,
      );
    const bring = async (...receipts: string[]) =>
      (await peer.post('/api/peer/receipts', { receipts }, PeerReceiptsAnswer)).stored;
    const read = async () => (await b.get(`/api/envelopes/${mail.envelope.id}`, EnvelopeAnswer)).state;
    return { b, word, bring, read };
  }

  it('move the envelope on at the sender’s exchange, once', async () => {
    const { word, bring, read } = await openWest();
    const receipt = await word();
    expect(await bring(receipt)).toBe(1);
    expect(await bring(receipt)).toBe(1);
    expect(await read()).toBe('acknowledged');
  });

  it('that are wrong are left out and keep no other from arriving', async () => {
    const { word, bring, read } = await openWest();
    const wrong = await Promise.all([
      word({ state: 'refused' }, await createKey()),
      word({ state: 'refused', iss: 'west' }),
      word({ state: 'refused', digest: 'x'.repeat(43) }),
      word({ state: 'refused', envelope: createId() }),
    ]);
    expect(await bring(...wrong, 'nonsense', await word())).toBe(1);
    expect(await read()).toBe('acknowledged');
  });

  it('are taken from peers only', async () => {
    const { b, word } = await openWest();
    const attempt = b.post('/api/peer/receipts', { receipts: [await word()] }, PeerReceiptsAnswer);
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
  });
});

it('tells the operator counts and states, and nothing about anybody', async () => {
  const { app, bring } = openEast();
  const mail = await bring();
  const status = ExchangeStatus.parse(await (await app.request('/api/status')).json());
  expect(status.members).toEqual([{ institution: east.member.id, waiting: 1, lastSeen: null }]);
  expect(status.peers).toEqual([{ exchange: 'west', waiting: 0, lastSeen: NOW.toISOString(), reachable: true }]);
  const { id, from, to, kind, sizeBucket, created } = mail.envelope;
  expect(status.envelopes).toEqual([
    { id, from, to, kind, sizeBucket, created, state: 'accepted', changed: NOW.toISOString() },
  ]);
});

it('refuses who is not signed in as a server', async () => {
  const { app } = openEast();
  const answer = await app.request('/api/mailbox');
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
});
