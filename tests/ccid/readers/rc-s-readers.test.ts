import { describe, expect, it } from 'vitest';
import {
  CardError,
  encodeCommand,
  requestReader,
  watchReaders,
  type CardConnection,
  type CardState,
  type CommandApdu,
  type Reader,
} from '../../../ccid/index.ts';
import { parseHex } from '../../../ccid/iso7816/bytes.ts';
import { mynumberTap, parseTextKeyRecord, verifyCardSignature } from 'webusb-ccid/mynumber';
import {
  createSimulatedRcS300,
  createSimulatedRcS380,
  SimulatedUsb,
  type AnswerFault,
  type FrameFault,
  type SimulatedContactlessOptions,
  type SimulatedContactlessReader,
} from '../../../ccid/simulated/index.ts';
import { ascii, createMyNumberCard, fromBase64, myNumberPersonalisation } from '../simulated-cards/test-cards.ts';
import { ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';
import { cutsOf, isFull, PATIENCE } from './full-matrix.ts';
import { turnClock } from './turn-clock.ts';

interface Kind {
  readonly name: string;
  readonly create: (options?: SimulatedContactlessOptions) => SimulatedContactlessReader;
  /** Whether the host makes the ISO-DEP blocks. */
  readonly hasBlocks: boolean;
}

const KINDS: readonly Kind[] = [
  { name: 'RC-S380', create: createSimulatedRcS380, hasBlocks: true },
  { name: 'RC-S300, blocks at layer 4', create: createSimulatedRcS300, hasBlocks: true },
  {
    name: 'RC-S300, APDUs at layer 4',
    create: (options) => createSimulatedRcS300({ ...options, variant: 'apdus' }),
    hasBlocks: false,
  },
  {
    name: 'RC-S300, blocks at layer 3',
    create: (options) => createSimulatedRcS300({ ...options, variant: 'layer-3' }),
    hasBlocks: true,
  },
  {
    name: 'RC-S300, no exchange at layer 4',
    create: (options) => createSimulatedRcS300({ ...options, variant: 'layer-3-exchange' }),
    hasBlocks: true,
  },
];

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 11 + length) & 0xff);
const command = (ins: number, data?: number, ne?: number): CommandApdu => ({
  cla: 0,
  ins,
  p1: 1,
  p2: 2,
  ...(data !== undefined && { data: bytes(data) }),
  ...(ne !== undefined && { ne }),
});
const SHORT = [command(0x44), command(0xb0, undefined, 1), command(0xb0, undefined, 200), command(0xd6, 255)];
const LONG = [
  command(0xb0, undefined, 256),
  command(0x88, 255, 256),
  command(0x88, 300, 700),
  command(0xd6, 65_535),
  command(0x88, 65_535, 65_536),
];
const PROBE = command(0xb0, undefined, 100);
const OPTIONS = { clock: turnClock, timeouts: { transferMs: 40, statusMs: 40 } };

interface Bench {
  readonly usb: SimulatedUsb;
  readonly simulated: SimulatedContactlessReader;
  reader: Reader;
  connection: CardConnection;
}

async function set(kind: Kind, options?: SimulatedContactlessOptions): Promise<Bench> {
  const usb = new SimulatedUsb();
  const simulated = kind.create(options);
  usb.attach(simulated.device);
  const reader = await requestReader(usb, OPTIONS);
  simulated.insert(createTestCard(ATR_T1));
  return { usb, simulated, reader, connection: await reader.connect() };
}

async function outcome({ connection }: Bench, apdu: CommandApdu): Promise<string> {
  const encoded = encodeCommand(apdu);
  try {
    return Buffer.compare(await connection.transmit(encoded), expectedAnswer(encoded)) === 0 ? 'right' : 'WRONG';
  } catch (error) {
    return error instanceof CardError ? error.code : `UNEXPECTED ${String(error)}`;
  }
}

async function expectReconnectToWork(bench: Bench, what: string): Promise<void> {
  bench.simulated.faults.clear();
  await bench.connection.disconnect();
  bench.simulated.insert(createTestCard(ATR_T1));
  bench.connection = await bench.reader.connect();
  expect(await outcome(bench, PROBE), `reconnected after ${what}`).toBe('right');
}

async function expectReplugToWork(bench: Bench, what: string): Promise<void> {
  bench.simulated.faults.clear();
  await bench.connection.disconnect();
  await bench.reader.close();
  bench.usb.detach(bench.simulated.device);
  bench.usb.attach(bench.simulated.device);
  bench.reader = await requestReader(bench.usb, OPTIONS);
  bench.connection = await bench.reader.connect();
  expect(await outcome(bench, PROBE), `next after ${what}`).toBe('right');
}

describe.each(KINDS)('$name', (kind) => {
  it('carries APDUs of every case and has the ATR of PC/SC', async () => {
    const bench = await set(kind);
    expect(bench.connection.atr).toEqual(parseHex('3B 88 80 01 00000011 008185 00 1C'));
    expect(bench.reader.facts).toMatchObject({ vendorId: 0x054c, level: 'iso-dep', interfaceClass: 0xff });
    for (const apdu of kind.hasBlocks ? [...SHORT, ...LONG] : SHORT)
      expect(await outcome(bench, apdu), `ins ${apdu.ins}`).toBe('right');
    await bench.reader.close();
  });

  it('carries a tap of a My Number card', async () => {
    const usb = new SimulatedUsb();
    const simulated = kind.create({ card: { waits: { count: 2, multiplier: 5 } } });
    usb.attach(simulated.device);
    simulated.insert(createMyNumberCard());
    const reader = await requestReader(usb);
    const connection = await reader.connect();
    // As listed for these cards: what a reader makes of their ATQB.
    expect(connection.atr).toEqual(parseHex('3B 88 80 01 000041E0 B381A1 00 3B'));
    const statement = ascii('header.payload');
    const proof = await mynumberTap.prove(connection, () => Promise.resolve(statement));
    const { publicKey } = parseTextKeyRecord(fromBase64(myNumberPersonalisation.textKeyRecord));
    expect(await verifyCardSignature(publicKey, proof.signature, statement)).toBe(true);
    await reader.close();
  });

  it('tells cards coming and going, also while one is connected', async () => {
    const usb = new SimulatedUsb();
    const simulated = kind.create();
    usb.attach(simulated.device);
    const reader = await requestReader(usb, { ...OPTIONS, pollIntervalMs: 1 });
    const states: CardState[] = [];
    let told = Promise.withResolvers<void>();
    const stop = reader.watchCard((state) => {
      states.push(state);
      told.resolve();
    });
    const next = async (): Promise<void> => {
      await told.promise;
      told = Promise.withResolvers<void>();
    };
    await next();
    simulated.insert(createTestCard(ATR_T1));
    await next();
    const connection = await reader.connect();
    simulated.remove();
    await next();
    await expect(connection.transmit(encodeCommand(PROBE))).rejects.toMatchObject({ code: 'card_gone' });
    await connection.disconnect();
    simulated.insert(createTestCard(ATR_T1));
    await next();
    stop();
    expect(states).toEqual(['absent', 'present', 'absent', 'present']);
    await reader.close();
  });

  it('says what happened when there is no card, it is pulled or falls silent', async () => {
    const bench = await set(kind);
    bench.simulated.faults.pullCardAfterApdus(0);
    expect(await outcome(bench, PROBE)).toBe('card_gone');
    await bench.connection.disconnect();
    await expect(bench.reader.connect()).rejects.toMatchObject({ code: 'card_absent' });
    await expectReconnectToWork(bench, 'a pulled card');
    bench.simulated.faults.mute();
    expect(await outcome(bench, PROBE)).toBe('card_mute');
    await expectReconnectToWork(bench, 'a silent card');
    await bench.reader.close();
  });

  it('lets a caller give up while the card hangs', async () => {
    const bench = await set(kind);
    bench.simulated.faults.hang();
    const abort = new AbortController();
    const pending = bench.connection.transmit(encodeCommand(PROBE), abort.signal);
    setTimeout(() => abort.abort(), 2);
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
    await expectReconnectToWork(bench, 'a hanging card');
    await bench.reader.close();
  });

  const ANSWER_FAULTS: Record<Exclude<AnswerFault, 'time-extensions'>, string> = {
    'wrong-seq': 'timeout',
    late: 'timeout',
    truncated: 'timeout',
    lost: 'timeout',
    garbage: 'timeout',
    flood: 'timeout',
    stalled: 'reader_fault',
    babble: 'reader_fault',
    split: 'right',
    'after-zero-length-packet': 'right',
  };

  it.each(Object.entries(ANSWER_FAULTS))('bears an answer that is %s: %s', PATIENCE, async (fault, expected) => {
    const bench = await set(kind);
    for (const skip of isFull ? [0, 1, 2, 3, 4, 5] : [0, 1]) {
      bench.simulated.faults.onAnswer(fault as AnswerFault, skip);
      const got = await outcome(bench, kind.hasBlocks ? command(0x88, 300, 300) : command(0x88, 30, 100));
      expect(skip === 0 ? [expected] : [expected, 'right'], `${fault} after ${skip}`).toContain(got);
      await expectReconnectToWork(bench, fault);
    }
    await bench.reader.close();
  });

  it('says reader_fault when a message is refused', async () => {
    const bench = await set(kind);
    bench.simulated.faults.stallsLeft = 1;
    expect(await outcome(bench, PROBE)).toBe('reader_fault');
    await expectReconnectToWork(bench, 'a stalled endpoint');
    await bench.reader.close();
  });

  it('says reader_gone when it is unplugged at any byte, and works when it is back', PATIENCE, async () => {
    const bench = await set(kind);
    for (const apdu of isFull ? SHORT : [PROBE])
      for (const byte of cutsOf(200, 29)) {
        bench.simulated.faults.unplugAtByte(byte);
        const got = await outcome(bench, apdu);
        expect(byte < 14 ? ['reader_gone'] : ['reader_gone', 'right'], `byte ${byte}`).toContain(got);
        await expectReplugToWork(bench, `unplugging at byte ${byte}`);
        if (got === 'right') break;
      }
    // While it is claimed and the card activated.
    for (let byte = 1; byte < 400; byte += 29) {
      await bench.connection.disconnect();
      await bench.reader.close();
      bench.simulated.faults.unplugAtByte(byte);
      const got = await bench.reader.connect().then(
        () => 'right',
        (error: CardError) => error.code,
      );
      expect(['reader_gone', 'right'], `byte ${byte}`).toContain(got);
      await expectReplugToWork(bench, `unplugging at byte ${byte}`);
    }
    await bench.reader.close();
  });

  it.runIf(kind.hasBlocks)('bears disturbed frames', async () => {
    const bench = await set(kind, { card: { frameSizeCode: 5 } });
    const faults: readonly FrameFault[] = ['lost-command', 'lost-answer', 'corrupt-answer', 'nonsense', 'wrong-number'];
    for (const fault of faults)
      for (const skip of [0, 2, 5]) {
        bench.simulated.faults.onFrame(fault, skip);
        expect(await outcome(bench, command(0x88, 100, 300)), `${fault} at ${skip}`).toBe('right');
        bench.simulated.faults.clear();
      }
    for (let i = 0; i < 40; i++) bench.simulated.faults.onFrame('corrupt-answer', i);
    expect(await outcome(bench, PROBE)).toBe('protocol_error');
    await expectReconnectToWork(bench, 'noise');
    await bench.reader.close();
  });

  it('is found by a watch, comes back after unplugging, and says who may hold it', async () => {
    const usb = new SimulatedUsb();
    const simulated = kind.create();
    usb.attach(simulated.device, { isPermitted: true });
    const watch = watchReaders(usb, OPTIONS);
    const found = async (count: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = watch.subscribe((readers) => {
        if (readers.length === count) resolve();
      });
      await promise;
      stop();
    };
    await found(1);
    const id = watch.readers[0]?.id;
    usb.detach(simulated.device);
    await found(0);
    usb.attach(simulated.device);
    await found(1);
    expect(watch.readers[0]?.id).toBe(id);
    simulated.faults.holdElsewhere(true);
    const busy = await watch.readers[0]?.connect().catch((error: unknown) => error);
    expect(busy).toMatchObject({ code: 'reader_busy' });
    // The names of the programs are what the developer looks for.
    expect(String(busy)).toMatch(/Sony's NFC Port Software.*port100/);
    await watch.close();
  });
});

it('remembers the way to ISO-DEP that an RC-S300 takes', async () => {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedRcS300({ variant: 'layer-3' });
  usb.attach(simulated.device);
  let messages = 0;
  const reader = await requestReader(usb, {
    ...OPTIONS,
    onTrace: ({ kind }) => {
      if (kind === 'message') messages++;
    },
  });
  simulated.insert(createTestCard(ATR_T1));
  await (await reader.connect()).disconnect();
  const first = messages;
  messages = 0;
  await (await reader.connect()).disconnect();
  expect(messages).toBeLessThan(first - 4);
  await reader.close();
});
