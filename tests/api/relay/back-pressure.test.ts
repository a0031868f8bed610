import { beforeAll, expect, it } from 'vitest';
import { EnvelopeBatchAnswer, Mailbox } from '#api/contract/relay-api.ts';
import { createKey, createParties, NOW, type TestExchange } from '../parties/parties.ts';
import { signRequest, SIGNED_REQUEST_HEADER } from '#api/contract/signed-request.ts';
import { encodeUtf8 } from '#api/contract/encoding.ts';
import { ENVELOPE_HEADER } from '#api/contract/exchange-api.ts';
import { createId } from '#api/contract/ids.ts';
import { callTo, createRelay, seal } from './relay-fixture.ts';
import { createNetwork, until } from './network-fixture.ts';

let east: TestExchange;
let west: TestExchange;

beforeAll(async () => {
  ({ east, west } = await createParties());
});

const open = (limits: object) => {
  const relay = createRelay(east, [west], () => NOW, limits);
  const peer = callTo(relay.app, 'east', { id: 'west', key: west.key }, () => NOW);
  const a = callTo(relay.app, 'east', { id: east.member.id, key: east.member.signing }, () => NOW);
  return { ...relay, peer, a, mail: (change = {}) => seal(west.member, east.member, change) };
};
const batchOf = (...mails: readonly { readonly seal: string; readonly body: string }[]) => ({
  envelopes: mails.map((mail) => ({ envelope: mail.seal, body: mail.body })),
});
const codes = ({ answers }: EnvelopeBatchAnswer) => answers.map((one) => ('id' in one ? one.state : one.problem.code));

it('says that a mailbox is full, with the time to come again, and takes more once it was emptied', async () => {
  const { peer, a, mail } = open({ envelopes: 2 });
  const mails = await Promise.all([mail(), mail(), mail()]);
  const answer = await peer.post('/api/envelopes/batch', batchOf(...mails), EnvelopeBatchAnswer);
  expect(codes(answer).toSorted()).toEqual(['accepted', 'accepted', 'mailbox_full']);
  const full = codes(answer).indexOf('mailbox_full');
  expect(answer.answers[full]).toMatchObject({ problem: { status: 429 }, retryAfterSeconds: 30 });

  const { envelopes } = await a.get('/api/mailbox', Mailbox);
  expect(envelopes).toHaveLength(2);
  const taken = mails.filter((_, at) => at !== full);
  const outcomes = taken.map(({ envelope: { id } }) => ({ kind: 'acknowledged', id }));
  const done = await a.post('/api/mailbox/outcomes', { outcomes }, EnvelopeBatchAnswer);
  expect(codes(done)).toEqual(['acknowledged', 'acknowledged']);
  const again = await peer.post('/api/envelopes/batch', batchOf(mails[full]!), EnvelopeBatchAnswer);
  expect(codes(again)).toEqual(['accepted']);
});

it.each([
  ['a mailbox', { bytes: 5000 }, 429, 'mailbox_full'],
  ['the disk', { storedBytes: 1 }, 503, 'storage_full'],
])('answers with Retry-After when %s is full', async (_what, limits, status, code) => {
  const { app, mail } = open(limits);
  const { seal: signed, body } = await mail();
  const facts = { method: 'POST', path: '/api/envelopes', body: encodeUtf8(body) };
  const signature = await signRequest(facts, { iss: 'west', aud: 'east', key: west.key, now: NOW });
  const headers = { [SIGNED_REQUEST_HEADER]: signature, [ENVELOPE_HEADER]: signed };
  const response = await app.request('/api/envelopes', { method: 'POST', headers, body });
  expect([response.status, await response.json()]).toMatchObject([status, { code }]);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('judges each envelope of a batch by itself, and lets none pass an earlier one that has to wait', async () => {
  const { peer, mail } = open({ envelopes: 1 });
  const talk = createId();
  const forged = await seal(west.member, east.member, {}, await createKey());
  const mails = [await mail(), forged, await mail({ conversation: talk }), await mail({ conversation: talk })];
  const answer = await peer.post('/api/envelopes/batch', batchOf(...mails), EnvelopeBatchAnswer);
  const [first, second, third, fourth] = codes(answer);
  expect([first, second].sort()).toEqual(['accepted', 'envelope_signature_invalid']);
  expect([third, fourth]).toEqual(['mailbox_full', 'unavailable']);
});

it('makes the sender wait, holds up no other destination, and loses nothing', async () => {
  const network = createNetwork({ east, west }, { atEast: { envelopes: 3, retrySeconds: 0 } });
  const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
  for (const text of texts) await network.b.send(east.member.id, text);
  network.start();
  await until(() => network.a.diary().length === texts.length);
  expect(new Set(network.a.diary())).toEqual(new Set(texts));
  await network.stop();
});
