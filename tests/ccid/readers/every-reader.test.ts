import { describe, expect, it } from 'vitest';
import {
  exchange,
  readEf,
  requestReader,
  watchReaders,
  type CardConnection,
  type Reader,
  type ReaderPlaces,
  type ReaderWatch,
} from '../../../ccid/index.ts';
import type { SimulatedCard } from '../../../ccid/simulated/card.ts';
import {
  createSimulatedRcS300,
  createSimulatedRcS380,
  createSimulatedReader,
  SimulatedSmartCards,
  SimulatedUsb,
  type PluggableDevice,
} from '../../../ccid/simulated/index.ts';
import { createNodeUsb } from '../../../ccid/transport/node-usb/node-usb.ts';
import { FakeNodeUsb } from '../transport/fake-node-usb.ts';
import { ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';
import { turnClock } from './turn-clock.ts';

/** A reader on its bus, of whatever kind. The card stays in it when it is unplugged. */
interface Place {
  readonly source: ReaderPlaces;
  plugIn(): void;
  unplug(): void;
  insert(card: SimulatedCard): void;
  /** The machine sleeps and wakes up: the bus loses its power. Resolves with the reader that is there then. */
  sleep(watch: ReaderWatch, before: Reader): Promise<Reader | undefined>;
}

/** The page hears of both only when it wakes up. */
async function replug(place: Pick<Place, 'plugIn' | 'unplug'>, watch: ReaderWatch, before: Reader) {
  place.unplug();
  place.plugIn();
  return (await until(watch, 1, before))[0];
}

interface SimulatedUsbReader {
  readonly device: PluggableDevice;
  readonly insert: (card: SimulatedCard) => void;
}

function onWebUsb({ device, insert }: SimulatedUsbReader): Place {
  const usb = new SimulatedUsb();
  const plug = { plugIn: () => usb.attach(device, { isPermitted: true }), unplug: () => usb.detach(device) };
  return { source: { usb }, ...plug, insert, sleep: (watch, before) => replug(plug, watch, before) };
}

function onNodeUsb({ device, insert }: SimulatedUsbReader): Place {
  const fake = new FakeNodeUsb();
  const usb = createNodeUsb(fake, { packetReadMs: 5 });
  const plug = { plugIn: () => fake.plugIn(device), unplug: () => fake.unplug(device) };
  return { source: { usb }, ...plug, insert, sleep: (watch, before) => replug(plug, watch, before) };
}

function ofTheSystem(): Place {
  const smartCard = new SimulatedSmartCards();
  const NAME = 'Example CCID Reader 00 00';
  let inserted: SimulatedCard | undefined;
  const putBack = (): void => {
    if (inserted) smartCard.insert(NAME, inserted);
  };
  return {
    source: { smartCard },
    plugIn() {
      smartCard.plugIn(NAME);
      putBack();
    },
    unplug: () => smartCard.unplug(NAME),
    insert(card) {
      inserted = card;
      putBack();
    },
    async sleep(watch) {
      smartCard.stop();
      await until(watch, 0);
      smartCard.start();
      const [again] = await until(watch, 1);
      putBack();
      return again;
    },
  };
}

const KINDS: Readonly<Record<string, () => Place>> = {
  'CCID over WebUSB': () => onWebUsb(createSimulatedReader()),
  'CCID over WebUSB, TPDU T=1': () => onWebUsb(createSimulatedReader({ level: 'tpdu-t1' })),
  'CCID over node-usb': () => onNodeUsb(createSimulatedReader({ interfaceClass: 0x0b })),
  'RC-S380': () => onWebUsb(createSimulatedRcS380()),
  'RC-S300': () => onWebUsb(createSimulatedRcS300()),
  'RC-S300 over node-usb': () => onNodeUsb(createSimulatedRcS300()),
  'Web Smart Card': ofTheSystem,
};

const READ = Uint8Array.of(0, 0xb0, 0, 0, 20);
const options = { clock: turnClock, pollIntervalMs: 20 };

/** Resolves with the list when it is as long as wanted, and holds no reader that is `not`. */
function until(watch: ReaderWatch, count: number, not?: Reader): Promise<readonly Reader[]> {
  return new Promise((resolve) => {
    const stop = watch.subscribe((readers) => {
      if (readers.length !== count || readers.some((reader) => reader === not)) return;
      queueMicrotask(() => stop());
      resolve(readers);
    });
  });
}

async function expectToWork(reader: Reader): Promise<void> {
  const card = await reader.connect();
  expect(await card.transmit(READ)).toEqual(expectedAnswer(READ));
  await card.disconnect();
}

/** A card that answers a command only when it is let. */
function createSlowCard(): SimulatedCard & { readonly begun: Promise<void>; answer(): void } {
  const card = createTestCard(ATR_T1);
  const begun = Promise.withResolvers<void>();
  const permission = Promise.withResolvers<void>();
  return {
    atr: card.atr,
    reset: () => card.reset(),
    begun: begun.promise,
    answer: () => permission.resolve(),
    async process(command) {
      begun.resolve();
      await permission.promise;
      return card.process(command);
    },
  };
}

describe.each(Object.entries(KINDS))('%s', (_, create) => {
  async function listed(): Promise<{ place: Place; watch: ReaderWatch; reader: Reader }> {
    const place = create();
    const watch = watchReaders(place.source, options);
    place.plugIn();
    const [reader] = await until(watch, 1);
    return { place, watch, reader: reader! };
  }

  it('is the same reader when it comes back after unplugging in the middle of a card', async () => {
    const { place, watch, reader } = await listed();
    place.insert(createTestCard(ATR_T1));
    const card = await reader.connect();
    expect(await card.transmit(READ)).toEqual(expectedAnswer(READ));
    place.unplug();
    await until(watch, 0);
    await expect(card.transmit(READ)).rejects.toMatchObject({ code: 'reader_gone' });
    await card.disconnect();
    await expect(reader.connect()).rejects.toMatchObject({ code: 'reader_gone' });
    place.plugIn();
    const [again] = await until(watch, 1);
    expect(again!.id).toBe(reader.id);
    await expectToWork(again!);
    await watch.close();
  });

  it('works again after sleep, in which the bus lost its power and nobody could hear of it', async () => {
    const { place, watch, reader } = await listed();
    place.insert(createTestCard(ATR_T1));
    const card = await reader.connect();
    const again = await place.sleep(watch, reader);
    expect(again!.id).toBe(reader.id);
    await expect(card.transmit(READ)).rejects.toMatchObject({ code: 'reader_gone' });
    await card.disconnect();
    await expectToWork(again!);
    await watch.close();
  });

  /** Every call that takes a signal, on a card that is not done before it is told. */
  const CALLS: Readonly<Record<string, (card: CardConnection, signal: AbortSignal) => Promise<unknown>>> = {
    transmit: (card, signal) => card.transmit(READ, signal),
    exchange: (card, signal) => exchange(card, { cla: 0, ins: 0xb0, p1: 0, p2: 0, ne: 20 }, signal),
    readEf: (card, signal) => readEf(card, 0x0001, signal),
  };

  it.each(Object.entries(CALLS))('lets a caller of %s give up, before and in the middle', async (__, call) => {
    const { place, watch, reader } = await listed();
    const slow = createSlowCard();
    place.insert(slow);
    const card = await reader.connect();
    await expect(call(card, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    const abort = new AbortController();
    const given = call(card, abort.signal);
    await slow.begun;
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    slow.answer();
    // No failure: the same connection goes on, and the next command has its own answer.
    expect(await card.transmit(READ)).toEqual(expectedAnswer(READ));
    await card.disconnect();
    await watch.close();
  });

  it('lets a caller of connect give up, before and while another has the card', async () => {
    const { place, watch, reader } = await listed();
    place.insert(createTestCard(ATR_T1));
    await expect(reader.connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    const held = await reader.connect();
    const abort = new AbortController();
    const waiting = reader.connect({ signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await held.disconnect();
    await expectToWork(reader);
    await watch.close();
  });

  it('lets whoever asks for a reader give up', async () => {
    const place = create();
    place.plugIn();
    const signal = AbortSignal.abort();
    await expect(requestReader(place.source, { ...options, signal })).rejects.toMatchObject({ code: 'aborted' });
    const reader = await requestReader(place.source, options);
    place.insert(createTestCard(ATR_T1));
    await expectToWork(reader);
    await reader.close();
  });
});

it('lets whoever looks at an open chooser give up', async () => {
  const usb = new SimulatedUsb({ choose: () => new Promise(() => {}) });
  const abort = new AbortController();
  const waiting = requestReader(usb, { ...options, signal: abort.signal });
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
});
