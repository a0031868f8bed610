import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnvelopeReceipt } from '#api/contract/envelope.ts';
import { createId } from '#api/contract/ids.ts';
import { readClaims } from '#api/contract/jose.ts';
import { Problem } from '#api/contract/problem.ts';
import { createParties, NOW, type TestExchange } from '../parties/parties.ts';
import { NETWORK_FAULTS, WRITE_FAULTS } from '../parties/faults.ts';
import { createNetwork, until } from './network-fixture.ts';

let parties: { readonly east: TestExchange; readonly west: TestExchange };
let network: ReturnType<typeof createNetwork>;

beforeAll(async () => {
  parties = await createParties();
});
beforeEach(() => {
  network = createNetwork(parties);
});
afterEach(() => network.stop());

const stateOf = async (id: string) => (await network.b.store.read(id))?.state;
const toA = () => parties.east.member.id;

it('brings a message to its recipient and the word of it back', async () => {
  const { a, b, start } = network;
  start();
  const { id } = await b.send(toA(), 'a statement');
  await until(async () => (await stateOf(id)) === 'acknowledged');
  expect(a.diary()).toEqual(['a statement']);
  const receipts = (await b.store.read(id))!.receipts.map((jws) => readClaims(jws, EnvelopeReceipt));
  expect(receipts.map(({ iss, state }) => `${iss} ${state}`).sort()).toEqual([
    ...['east accepted', 'east acknowledged', 'east delivered', 'west accepted', 'west forwarded'],
  ]);
  expect(network.failures).toEqual([]);
});

it('keeps a message while nobody answers and hands it on afterwards', async () => {
  const { a, b, start } = network;
  const outgoing = await b.send(toA(), 'kept');
  expect(await stateOf(outgoing.id)).toBeNull();
  start();
  await until(async () => (await stateOf(outgoing.id)) === 'acknowledged');
  expect(a.diary()).toEqual(['kept']);
});

it('keeps the order of a conversation, whatever is lost on the way', async () => {
  const { a, b, border, start } = network;
  const conversation = createId();
  const texts = Array.from({ length: 12 }, (_, i) => `message ${i}`);
  for (const text of texts) await b.send(toA(), text, { conversation });
  b.network.fail('not delivered', /envelopes$/);
  border.fail('delivered but unanswered', /envelopes$/);
  a.network.fail('delivered but unanswered', /mailbox/);
  start();
  await until(() => a.diary().length === texts.length);
  expect(a.diary()).toEqual(texts);
});

describe.each(NETWORK_FAULTS)('a request that is %s', (fault) => {
  it.each([
    ['from the gateway to its exchange', () => network.b.network, /\/api\/envelopes$/],
    ['between exchanges', () => network.border, /\/api\/envelopes$/],
    ['of a receipt on its way back', () => network.border, /\/api\/peer\/receipts$/],
    ['of a mailbox', () => network.a.network, /\/api\/mailbox\?/],
    ['of an acknowledgement', () => network.a.network, /acknowledgements$/],
    ['for a state', () => network.b.network, /\/api\/envelopes\/.+/],
  ])('%s loses nothing and doubles nothing', async (_where, line, path) => {
    line().fail(fault, path);
    network.start();
    const { id } = await network.b.send(toA(), 'once');
    await until(async () => (await stateOf(id)) === 'acknowledged');
    expect(network.a.diary()).toEqual(['once']);
  });
});

describe.each(WRITE_FAULTS)('a write that was %s', (fault) => {
  it.each([
    ['at the sender’s exchange', () => network.atWest.fail],
    ['at the recipient’s exchange', () => network.atEast.fail],
    ['at the recipient', () => network.a.disk.fail],
    ['at the sender', () => network.b.disk.fail],
  ])('%s loses nothing and doubles nothing', async (_where, disk) => {
    const { id } = await network.b.send(toA(), 'once');
    disk()(fault);
    network.start();
    await until(async () => (await stateOf(id)) === 'acknowledged');
    expect(network.a.diary()).toEqual(['once']);
  });
});

describe('a message that cannot be taken', () => {
  it('is refused by the recipient, and the sender learns why', async () => {
    const { a, b, refusals, start } = network;
    start(() => Promise.reject(new Problem('request_malformed', 'not what it should be')));
    const { id } = await b.send(toA(), 'nonsense');
    await until(async () => (await stateOf(id)) === 'refused');
    expect((await b.store.read(id))?.reason).toBe('request_malformed');
    expect(refusals).toEqual(['request_malformed']);
    expect(a.diary()).toEqual([]);
  });

  it('now waits, and holds up its own conversation only', async () => {
    const { a, b, start } = network;
    const [held, free] = [createId(), createId()];
    let isReady = false;
    start((envelope, jws) => {
      const isHeld = envelope.conversation === held && !isReady;
      return isHeld ? Promise.reject(new Problem('directory_stale', 'not yet')) : a.note(envelope, jws);
    });
    await b.send(toA(), 'held 1', { conversation: held });
    await b.send(toA(), 'held 2', { conversation: held });
    await b.send(toA(), 'free', { conversation: free });
    await until(() => a.diary().length === 1);
    expect(a.diary()).toEqual(['free']);
    isReady = true;
    await until(() => a.diary().length === 3);
    expect(a.diary()).toEqual(['free', 'held 1', 'held 2']);
  });

  it('because it is encrypted to another key is refused', async () => {
    const { b, refusals, start } = network;
    start();
    const outgoing = await b.misdirect(toA(), parties.west.member);
    await until(async () => (await stateOf(outgoing.id)) === 'refused');
    expect(refusals).toEqual(['decryption_failed']);
  });

  it('in time ends at the sender', async () => {
    const { b, atWest, start } = network;
    const outgoing = await b.send(toA(), 'too late', { expires: NOW });
    start();
    await until(async () => (await stateOf(outgoing.id)) === 'expired');
    expect(await atWest.parts.store.read(outgoing.id)).toBeUndefined();
  });
});
