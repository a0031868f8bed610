import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UploadState } from '#api/contract/relay-api.ts';
import { ENVELOPE_HEADER, EnvelopeAnswer } from '#api/contract/exchange-api.ts';
import { digestBase64Url } from '#api/contract/encoding.ts';
import { openLargeBody, sealLargeBody } from '#api/contract/large-body.ts';
import { sealEnvelope } from '#api/contract/envelope.ts';
import { createId } from '#api/contract/ids.ts';
import { createParties, NOW, type TestExchange } from '../parties/parties.ts';
import { NETWORK_FAULTS } from '../parties/faults.ts';
import { createNetwork, until } from './network-fixture.ts';
import { callTo, createRelay, seal } from './relay-fixture.ts';

let parties: { readonly east: TestExchange; readonly west: TestExchange };
beforeAll(async () => {
  parties = await createParties();
});

/** Three pieces of a megabyte and some. */
const BUCKET = 4096 * 1024;
const TEXT = 'x'.repeat(3_500_000);

describe('a large body', () => {
  let network: ReturnType<typeof createNetwork>;
  beforeEach(() => {
    network = createNetwork(parties);
  });
  afterEach(() => network.stop());

  it.each(NETWORK_FAULTS)('goes on where a piece was %s, and arrives once, after what it follows', async (fault) => {
    const { a, b, border, start } = network;
    const conversation = createId();
    await b.send(parties.east.member.id, 'before', { conversation });
    const { id } = await b.send(parties.east.member.id, TEXT, { conversation });
    await b.send(parties.east.member.id, 'after', { conversation });
    b.network.fail(fault, /pieces\?offset=1048576/);
    border.fail(fault, /pieces\?offset=2097152/);
    a.network.fail(fault, /mailbox\/.*\/body/);
    start();
    await until(() => a.diary().length === 3);
    expect(a.diary().map((text) => text.length)).toEqual([6, TEXT.length, 5]);
    await until(async () => (await b.store.read(id))?.state === 'acknowledged');
    expect(network.failures).toEqual([]);
  });
});

/** EAST, and WEST with a large envelope for it. */
async function open(change: { readonly body?: (body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> } = {}) {
  const { east, west } = parties;
  const relay = createRelay(east, [west], () => NOW);
  const peer = callTo(relay.app, 'east', { id: 'west', key: west.key }, () => NOW);
  const a = callTo(relay.app, 'east', { id: east.member.id, key: east.member.signing }, () => NOW);
  const whole = await sealLargeBody(new Uint8Array(BUCKET).fill(0x20), east.member.encryption.publicJwk);
  const { envelope } = await seal(west.member, east.member, { sizeBucket: BUCKET });
  const signed = await sealEnvelope({ ...envelope, digest: digestBase64Url(whole) }, west.member.signing);
  const body = change.body?.(whole) ?? whole;
  const sealed = { headers: { [ENVELOPE_HEADER]: signed } };
  const { id } = envelope;
  return {
    ...{ relay, peer, a, id, body },
    begin: (size = body.length) => peer.post(`/api/uploads?size=${size}`, undefined, UploadState, sealed),
    bring: (from: number, until: number) =>
      peer.post(`/api/uploads/${id}/pieces?offset=${from}`, body.subarray(from, until), UploadState),
    finish: () => peer.post('/api/envelopes', undefined, EnvelopeAnswer, sealed),
  };
}
const MIB = 1024 * 1024;

describe('an upload', () => {
  it('says how far it is, and is taken when it is whole', async () => {
    const { begin, bring, finish, body, id, peer, a } = await open();
    expect(await begin()).toEqual({ id, size: body.length, received: 0 });
    expect((await bring(0, MIB)).received).toBe(MIB);
    await expect(bring(0, MIB)).rejects.toMatchObject({ code: 'upload_wrong_offset' });
    await expect(finish()).rejects.toMatchObject({ code: 'upload_unknown' });
    expect(await peer.get(`/api/uploads/${id}`, UploadState)).toMatchObject({ received: MIB });
    for (let at = MIB; at < body.length; at += MIB) await bring(at, at + MIB);
    expect(await finish()).toMatchObject({ state: 'accepted' });
    expect(await finish()).toMatchObject({ state: 'accepted' });
    expect(await begin()).toMatchObject({ received: body.length });
    const piece = await a.getBytes(`/api/mailbox/${id}/body`, { headers: { range: 'bytes=100-199' } });
    expect(piece).toEqual(body.slice(100, 200));
    const past = a.getBytes(`/api/mailbox/${id}/body`, { headers: { range: `bytes=${body.length}-` } });
    await expect(past).rejects.toMatchObject({ code: 'not_found' });
    const strange = a.getBytes(`/api/mailbox/${id}/body`, { headers: { range: 'bytes=-5' } });
    await expect(strange).rejects.toMatchObject({ code: 'malformed_request' });
  });

  it('is refused before the first byte for what its envelope says', async () => {
    const { begin, relay, id } = await open();
    await expect(begin(100)).rejects.toMatchObject({ code: 'envelope_malformed' });
    await expect(begin(65_536 * 1024 * 2)).rejects.toMatchObject({ code: 'envelope_malformed' });
    const stranger = callTo(
      relay.app,
      'east',
      { id: parties.east.member.id, key: parties.east.member.signing },
      () => NOW,
    );
    await begin();
    await expect(stranger.get(`/api/uploads/${id}`, UploadState)).rejects.toMatchObject({ code: 'upload_unknown' });
  });

  it.each(['..%2f', '%2e%2e%2fmailbox', 'x'])('has no address for %s', async (id) => {
    const { peer } = await open();
    await expect(peer.get(`/api/uploads/${id}`, UploadState)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['changed', 'envelope_digest_mismatch', (body: Uint8Array<ArrayBuffer>) => body.with(5000, (body[5000] ?? 0) ^ 1)],
    ['nothing of ours', 'envelope_malformed', (body: Uint8Array<ArrayBuffer>) => body.fill(0x41)],
  ] as const)('that is %s is refused', async (_what, code, change) => {
    const { begin, bring, finish, body } = await open({ body: change });
    await begin();
    for (let at = 0; at < body.length; at += MIB) await bring(at, at + MIB);
    await expect(finish()).rejects.toMatchObject({ code });
  });
});

it('opens for its recipient only, and only whole', async () => {
  const { east, west } = parties;
  const plain = crypto.getRandomValues(new Uint8Array(60_000));
  const body = await sealLargeBody(plain, east.member.encryption.publicJwk);
  expect(await openLargeBody(body, [east.member.encryption])).toEqual(plain);
  await expect(openLargeBody(body, [west.member.encryption])).rejects.toMatchObject({ code: 'jwe_wrong_key' });
  for (const wrong of [body.subarray(0, -1), body.subarray(5), body.with(body.length - 20, 1), new Uint8Array()]) {
    await expect(openLargeBody(wrong, [east.member.encryption])).rejects.toMatchObject({ code: 'jwe_malformed' });
  }
});
