import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createId } from '#api/contract/ids.ts';
import { Problem } from '#api/contract/problem.ts';
import { DeliveryAnswer } from '#api/contract/relay-api.ts';
import { createKey, createParties, type TestExchange } from '../parties/parties.ts';
import { NETWORK_FAULTS } from '../parties/faults.ts';
import { createNetwork, until } from './network-fixture.ts';
import { callTo } from './relay-fixture.ts';

let parties: { readonly east: TestExchange; readonly west: TestExchange };
let network: ReturnType<typeof createNetwork>;

beforeAll(async () => {
  parties = await createParties();
});
beforeEach(() => {
  network = createNetwork(parties, { brings: true });
});
afterEach(() => network.stop());

const toA = () => parties.east.member.id;
const isDone = async (id: string) => (await network.b.store.read(id))?.state === 'acknowledged';

describe('mail that is brought', () => {
  it('arrives without a pull, once, and in the order of its conversation', async () => {
    const { a, b, start, toA: line } = network;
    // Nothing can be pulled in this test: the poll is never answered.
    a.network.fail('not delivered', /mailbox\?/, Infinity);
    start();
    const conversation = createId();
    const texts = Array.from({ length: 12 }, (_, i) => `message ${i}`);
    let last = '';
    for (const text of texts) last = (await b.send(toA(), text, { conversation })).id;
    await until(() => isDone(last));
    expect(a.diary()).toEqual(texts);
    expect(line.count(/deliveries/)).toBeGreaterThan(0);
  });

  it.each(NETWORK_FAULTS)('and %s is brought again, or pulled, and counts once', async (fault) => {
    const { a, b, start, toA: line } = network;
    line.fail(fault, /deliveries/);
    a.network.fail(fault, /outcomes/);
    start();
    const texts = ['one', 'two', 'three'];
    const sent = await Promise.all(texts.map((text) => b.send(toA(), text)));
    for (const { id } of sent) await until(() => isDone(id));
    expect(a.diary().toSorted()).toEqual(texts.toSorted());
    expect(network.failures).toEqual([]);
  });

  it('is pulled while nobody can be reached at that address', async () => {
    const { a, b, start, toA: line } = network;
    line.fail('not delivered', /deliveries/, Infinity);
    start();
    const { id } = await b.send(toA(), 'pulled');
    await until(() => isDone(id));
    expect(a.diary()).toEqual(['pulled']);
  });

  it('that cannot be taken yet holds up nothing else, and comes again', async () => {
    const { a, b, start } = network;
    let isOpen = false;
    start(async (envelope, jws) => {
      if (!isOpen && jws === 'later') throw new Problem('unavailable', 'not yet');
      await a.note(envelope, jws);
    });
    const later = await b.send(toA(), 'later');
    const { id } = await b.send(toA(), 'now');
    await until(() => isDone(id));
    isOpen = true;
    await until(() => isDone(later.id));
    expect(a.diary()).toEqual(['now', 'later']);
  });
});

describe('a delivery is refused', () => {
  const bring = (id: string, key = parties.east.key, to = toA()) =>
    callTo(network.desk, to, { id, key }, network.now).post('/api/deliveries', { envelopes: [] }, DeliveryAnswer);

  it.each<[string, () => Promise<unknown>]>([
    ['from another exchange', () => bring('west', parties.west.key)],
    ['with another key', async () => bring('east', await createKey())],
    ['that was meant for another gateway', () => bring('east', parties.east.key, parties.west.member.id)],
  ])('%s', async (_who, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('while the post office is closed', async () => {
    await expect(bring('east')).rejects.toMatchObject({ code: 'exchange_unreachable' });
  });
});
