import { describe, expect, it } from 'vitest';
import {
  CardError,
  encodeCommand,
  encodeHex,
  parseHex,
  requestReader,
  verify,
  watchReaders,
  type ReaderOptions,
  type TraceEvent,
} from '../../../ccid/index.ts';
import type { SimulatedCard } from '../../../ccid/simulated/card.ts';
import { createSimulatedReader, SimulatedUsb, type SimulatedReaderOptions } from '../../../ccid/simulated/index.ts';
import { correctDescriptor, readerModel } from '../../../ccid/readers/models.ts';
import { ATR_T0, ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';
import { turnClock } from './turn-clock.ts';

async function plug(options: SimulatedReaderOptions = {}, readerOptions: ReaderOptions = {}) {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader(options);
  usb.attach(simulated.device);
  const reader = await requestReader(usb, { clock: turnClock, ...readerOptions });
  return { usb, simulated, reader };
}

const COMMAND = Uint8Array.of(0, 0xb0, 0, 0, 40);

async function expectCardToAnswer(options: SimulatedReaderOptions, atr: Uint8Array): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const { simulated, reader } = await plug(options, { onTrace: (event) => events.push(event) });
  simulated.insert(createTestCard(atr));
  const connection = await reader.connect();
  expect(await connection.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
  await reader.close();
  return events;
}

const names = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'message' && event.direction === 'out' ? [event.name.slice(10)] : []));

describe('a reader that leaves everything to the host', () => {
  const manual = { level: 'tpdu-t1', dwFeatures: 0x00010230 } as const;

  it('gets voltage, PPS and parameters from it', async () => {
    // HPKI: T=1 at TA1 = 13.
    const events = await expectCardToAnswer(
      { ...manual, cardPowerSelect: 1 },
      parseHex('3BF41300008131FE45004E0000A2'),
    );
    expect(names(events)).toEqual([
      'IccPowerOn',
      'IccPowerOn',
      'IccPowerOn',
      'XfrBlock',
      'SetParameters',
      'XfrBlock',
      'XfrBlock',
      'IccPowerOff',
    ]);
  });

  it('stays at the default speed when its list of rates does not have the card’s', async () => {
    const options = { ...manual, dataRates: [10_752, 21_505] };
    const events = await expectCardToAnswer(options, parseHex('3BF41300008131FE45004E0000A2'));
    expect(names(events)).toEqual(['IccPowerOn', 'SetParameters', 'XfrBlock', 'XfrBlock', 'IccPowerOff']);
  });

  it('takes the fixed speed of a My Number Card', async () => {
    await expectCardToAnswer(manual, parseHex('3BF59100FF918171FE400042000100D1D6'));
  });

  it('chooses T=1 when reader and card share nothing else', async () => {
    await expectCardToAnswer({ ...manual, dwProtocols: 2 }, parseHex('3B888001000005E0B381A1007F'));
  });

  it('refuses a card whose protocol it does not speak', async () => {
    const { simulated, reader } = await plug({ level: 'tpdu-t0' });
    simulated.insert(createTestCard(ATR_T1));
    await expect(reader.connect()).rejects.toMatchObject({ code: 'card_unsupported' });
    await reader.close();
  });
});

it('drives a reader whose descriptor stands behind the last endpoint', async () => {
  await expectCardToAnswer({ isDescriptorLast: true }, ATR_T1);
});

it('drives a card with CRC instead of LRC', async () => {
  const atr = parseHex('3B 80 81 71 FE 00 01');
  const tck = atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0);
  await expectCardToAnswer({ level: 'tpdu-t1' }, Uint8Array.of(...atr, tck));
});

it('needs as few transfers as the level allows', async () => {
  for (const [level, atr, transfers] of [
    ['extended-apdu', ATR_T1, 1],
    ['short-apdu', ATR_T1, 1],
    ['tpdu-t1', ATR_T1, 1],
    ['tpdu-t0', ATR_T0, 1],
    // Prologue and check, then what the prologue announces.
    ['character', ATR_T1, 2],
    // Header, to which the card says how to go on; then all data and SW1-SW2.
    ['character', ATR_T0, 2],
  ] as const) {
    const events: TraceEvent[] = [];
    const { simulated, reader } = await plug({ level }, { onTrace: (event) => events.push(event) });
    simulated.insert(createTestCard(atr));
    const connection = await reader.connect();
    events.length = 0;
    await connection.transmit(COMMAND);
    expect(names(events), level).toEqual(Array.from({ length: transfers }, () => 'XfrBlock'));
    await reader.close();
  }
});

describe('a reader of two slots', () => {
  it('is two readers that do not mix up their cards', async () => {
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader({ slotCount: 2, level: 'tpdu-t1' });
    usb.attach(simulated.device, { isPermitted: true });
    const watch = watchReaders(usb, { clock: turnClock });
    await requestReader(usb);
    const [first, second] = watch.readers;
    expect(first?.name).toBe('Simulated reader (1)');
    expect(second?.facts.slot).toBe(1);
    const [cardA, cardB] = [createTestCard(ATR_T1), createTestCard(ATR_T1)];
    simulated.insert(cardA, 0);
    simulated.insert(cardB, 1);
    const [a, b] = await Promise.all([first!.connect(), second!.connect()]);
    const commands = Array.from({ length: 20 }, (_, i) => Uint8Array.of(0, 0xb0, 0, i, 200));
    await Promise.all(
      commands.map(async (command, i) => {
        expect(await (i % 2 ? a : b).transmit(command)).toEqual(expectedAnswer(command));
      }),
    );
    expect(cardA.commands).toHaveLength(10);
    expect(cardB.commands).toHaveLength(10);
    simulated.remove(0);
    await expect(a.transmit(COMMAND)).rejects.toMatchObject({ code: 'card_gone' });
    expect(await b.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
    await watch.close();
  });
});

describe('connections', () => {
  it('come one after the other', async () => {
    const { simulated, reader } = await plug();
    simulated.insert(createTestCard(ATR_T1));
    const first = await reader.connect();
    const order: string[] = [];
    const waiting = reader.connect().then((connection) => {
      order.push('connected');
      return connection;
    });
    await first.transmit(COMMAND);
    order.push('used');
    await first.disconnect();
    const second = await waiting;
    expect(order).toEqual(['used', 'connected']);
    await expect(first.transmit(COMMAND)).rejects.toMatchObject({ code: 'card_gone' });
    expect(await second.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
    await reader.close();
  });

  it('are not waited for by who gave up', async () => {
    const { simulated, reader } = await plug();
    simulated.insert(createTestCard(ATR_T1));
    const first = await reader.connect();
    const abort = new AbortController();
    const waiting = reader.connect({ signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await expect(reader.connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    await first.disconnect();
    await (await reader.connect()).disconnect();
    await reader.close();
  });

  it('reset the card', async () => {
    const { simulated, reader } = await plug();
    const card = createTestCard(ATR_T1);
    simulated.insert(card);
    for (let times = 1; times <= 3; times++) {
      const connection = await reader.connect();
      expect(card.resets.count).toBe(times);
      await connection.disconnect();
    }
    await reader.close();
  });

  it('outlive a caller who gives up one command: the next meets its own answer', async () => {
    const { simulated, reader } = await plug();
    let answer: (() => void) | undefined;
    const slow: SimulatedCard = {
      atr: ATR_T1,
      reset() {},
      process: (command) =>
        command[3] === 1
          ? new Promise((resolve) => (answer = () => resolve(parseHex('AA9000'))))
          : Promise.resolve(expectedAnswer(command)),
    };
    simulated.insert(slow);
    const connection = await reader.connect();
    const abort = new AbortController();
    const given = connection.transmit(Uint8Array.of(0, 0xb0, 0, 1, 1), abort.signal);
    while (!answer) await new Promise((resolve) => setTimeout(resolve, 0));
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    const next = connection.transmit(COMMAND);
    answer();
    expect(await next).toEqual(expectedAnswer(COMMAND));
    await reader.close();
  });

  it.each([true, false])('end at a hanging card, whether the reader can abort (%s) or not', async (canAbort) => {
    const { simulated, reader } = await plug({ canAbort });
    simulated.insert(createTestCard(ATR_T1));
    const connection = await reader.connect();
    simulated.faults.hang();
    const abort = new AbortController();
    const given = connection.transmit(COMMAND, abort.signal);
    setTimeout(() => abort.abort(), 1);
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    await connection.disconnect();
    const next = await reader.connect();
    expect(await next.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
    await reader.close();
  });
});

it('asks for the card again and again when the interrupt endpoint fails', async () => {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader();
  usb.attach(simulated.device, { isPermitted: true });
  const [device] = await usb.getDevices();
  const transferIn = device!.transferIn.bind(device);
  device!.transferIn = (endpoint, length) =>
    endpoint === 3
      ? Promise.reject(new DOMException('A transfer error has occurred.', 'NetworkError'))
      : transferIn(endpoint, length);
  const reader = await requestReader(usb, { clock: turnClock, pollIntervalMs: 10 });
  const seen = Promise.withResolvers<void>();
  const stop = reader.watchCard((state) => {
    if (state === 'present') seen.resolve();
    else simulated.insert(createTestCard(ATR_T1));
  });
  await seen.promise;
  stop();
  await reader.close();
});

it('lets a caller give up while the card gets its power, and the next one have it', async () => {
  const { simulated, reader } = await plug({ level: 'tpdu-t1' });
  const card = createTestCard(ATR_T1);
  simulated.insert(card);
  const abort = new AbortController();
  const given = reader.connect({ signal: abort.signal });
  await Promise.resolve();
  await Promise.resolve();
  abort.abort();
  await expect(given).rejects.toMatchObject({ code: 'aborted' });
  const next = await reader.connect();
  expect(await next.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
  await reader.close();
});

describe('the trace', () => {
  it('never shows a PIN, at any level', async () => {
    for (const [level, atr] of [
      ['extended-apdu', ATR_T1],
      ['short-apdu', ATR_T1],
      ['tpdu-t1', ATR_T1],
      ['tpdu-t0', ATR_T0],
      ['character', ATR_T1],
    ] as const) {
      const events: TraceEvent[] = [];
      const { simulated, reader } = await plug({ level }, { onTrace: (event) => events.push(event) });
      simulated.insert(createTestCard(atr));
      const connection = await reader.connect();
      const pin = parseHex('31 39 37 33');
      await connection.transmit(encodeCommand(verify(0x80, pin)));
      await connection.transmit(Uint8Array.of(0, 0x24, 0, 0x80, 8, ...pin, ...pin));
      const text = JSON.stringify(events, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      );
      expect(text, level).not.toContain('31393733');
      expect(text, level).toContain('00200080');
      await reader.close();
    }
  });
});

describe('PIN entry on the reader', () => {
  const format = { coding: 'ascii', offset: 0, blockLength: 0, digitsMin: 4, digitsMax: 4 } as const;
  const TEMPLATE = Uint8Array.of(0, 0x20, 0, 0x80);

  it.each(['extended-apdu', 'short-apdu', 'tpdu-t1', 'tpdu-t0'] as const)(
    'sends what is typed to the card, and only there: %s',
    async (level) => {
      const events: TraceEvent[] = [];
      const { simulated, reader } = await plug({ pinSupport: 3, level }, { onTrace: (event) => events.push(event) });
      const card = createTestCard(level === 'tpdu-t0' ? ATR_T0 : ATR_T1);
      simulated.insert(card);
      const connection = await reader.connect();
      simulated.keypad.entries.push('1973', null, '1973', '2024', '2024');
      expect(await connection.pinPad?.verify(TEMPLATE, { format })).toEqual(parseHex('9000'));
      expect(card.commands.at(-1)).toEqual(parseHex('0020008004 31393733'));
      expect(await connection.pinPad?.verify(TEMPLATE, { format })).toEqual(parseHex('6401'));
      const change = { format, newPinOffset: 4, asksForOldPin: true };
      expect(await connection.pinPad?.modify?.(Uint8Array.of(0, 0x24, 0, 0x80), change)).toEqual(parseHex('9000'));
      expect(card.commands.at(-1)).toEqual(parseHex('0024008008 31393733 32303234'));
      expect(await connection.pinPad?.verify(TEMPLATE, { format })).toEqual(parseHex('6400'));
      await reader.close();
    },
  );

  it.each(['lost-command', 'lost-answer', 'corrupt-command', 'corrupt-answer', 'parity-error'] as const)(
    'never sends a PIN twice over T=1: %s',
    async (fault) => {
      const { simulated, reader } = await plug({ pinSupport: 3, level: 'tpdu-t1' });
      const card = createTestCard(ATR_T1);
      simulated.insert(card);
      const connection = await reader.connect();
      simulated.keypad.entries.push('1973', '2024');
      simulated.faults.onBlock(fault);
      const outcome = await connection.pinPad?.verify(TEMPLATE, { format }).then(
        (answer) => encodeHex(answer),
        (error: unknown) => (error instanceof CardError ? error.code : error),
      );
      const isUnheard = fault === 'lost-command' || fault === 'corrupt-command';
      expect(outcome).toBe(isUnheard ? 'protocol_error' : '9000');
      expect(card.commands).toHaveLength(isUnheard ? 0 : 1);
      expect(simulated.keypad.entries).toEqual(['2024']);
      await connection.disconnect();
      expect(await (await reader.connect()).transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
      await reader.close();
    },
  );

  it('is not offered by readers without keys, nor where single characters are sent', async () => {
    for (const options of [{ pinSupport: 0 }, { pinSupport: 3, level: 'character' }] as const) {
      const { simulated, reader } = await plug(options);
      simulated.insert(createTestCard(ATR_T1));
      expect((await reader.connect()).pinPad).toBeUndefined();
      await reader.close();
    }
  });
});

it.each(['01', '02'])('refuses an ICCD token, bInterfaceProtocol %s, with a code of its own', async (protocol) => {
  const usb = new SimulatedUsb();
  const token = createSimulatedReader({ interfaceClass: 0x0b });
  token.faults.descriptor = parseHex(`09 02 1200 01 01 00 80 32 09 04 00 00 00 0B 00 ${protocol} 00`);
  usb.attach(token.device);
  await expect(requestReader(usb)).rejects.toMatchObject({ code: 'token_unsupported' });
});

describe('a composite device', () => {
  /** A keyboard, a CCID interface of class 0B and one of class FF, each with its own endpoints. */
  const descriptor = (ccid: Uint8Array): Uint8Array => {
    const [head, block] = [ccid.slice(0, 9), ccid.slice(9)];
    const keyboard = parseHex('09 04 00 00 01 03 01 01 00 07 05 86 03 08 00 0A');
    const protectedOne = block.slice();
    protectedOne[2] = 1;
    protectedOne[5] = 0x0b;
    const at = protectedOne.length - 21;
    for (const [offset, address] of [
      [2, 0x04],
      [9, 0x84],
      [16, 0x85],
    ] as const)
      protectedOne[at + offset] = address;
    const open = block.slice();
    open[2] = 2;
    const total = 9 + keyboard.length + protectedOne.length + open.length;
    head[2] = total & 0xff;
    head[3] = total >> 8;
    head[4] = 3;
    return Uint8Array.from([...head, ...keyboard, ...protectedOne, ...open]);
  };

  it('is reached by the interface that a page may claim, whatever its number', async () => {
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader();
    simulated.faults.descriptor = descriptor(simulated.device.gadget.configurationDescriptor);
    usb.attach(simulated.device, { isPermitted: true });
    simulated.insert(createTestCard(ATR_T1));
    const reader = await requestReader(usb, { clock: turnClock });
    expect(reader.facts).toMatchObject({ interfaceNumber: 2, interfaceClass: 0xff });
    expect(await (await reader.connect()).transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
    const watch = watchReaders(usb, { clock: turnClock });
    expect(watch.readers.map(({ facts }) => facts.interfaceNumber)).toEqual([2, 1]);
    await expect(watch.readers[1]?.connect()).rejects.toMatchObject({ code: 'protected_interface' });
    await watch.close();
  });
});

describe('devices that are no readers', () => {
  it.each([
    ['garbage', parseHex('FF FF FF'), 'reader_fault'],
    ['no descriptor', new Uint8Array(), 'reader_fault'],
    ['a descriptor that ends too early', parseHex('09 02 2000 01 01 00 80 32 09 04 00'), 'reader_fault'],
    [
      'a printer',
      parseHex('09 02 2000 01 01 00 80 32 09 04 00 00 02 FF 01 02 00 07 05 01 02 4000 00 07 05 82 02 4000 00'),
      'reader_unknown',
    ],
  ])('%s', async (_, descriptor, code) => {
    const usb = new SimulatedUsb();
    const simulated = createSimulatedReader();
    usb.attach(simulated.device, { isPermitted: true });
    simulated.faults.descriptor = descriptor;
    const watch = watchReaders(usb, { clock: turnClock });
    const filters = [{ vendorId: 0x1209 }];
    await expect(requestReader(usb, { filters })).rejects.toMatchObject({ code });
    expect(watch.failures).toEqual([{ productName: 'Simulated reader', code }]);
    await watch.close();
  });
});

describe('models that differ from their descriptors', () => {
  const descriptor = { dwFeatures: 0x000200ba, bPINSupport: 3, dwMaxIFSD: 0 } as Parameters<
    typeof correctDescriptor
  >[0];

  it('are corrected', () => {
    expect(correctDescriptor(descriptor, readerModel(0x076b, 0x3a21))).toMatchObject({
      dwFeatures: 0x000400ba,
      bPINSupport: 0,
    });
    expect(correctDescriptor(descriptor, readerModel(0x09be, 0x0002)).dwMaxIFSD).toBe(254);
    expect(correctDescriptor(descriptor, readerModel(0x0529, 0x0620)).dwFeatures & 0x400).toBe(0x400);
  });

  it('are few: everyone else is believed', () => {
    expect(readerModel(0x1209, 0x0001)).toBeUndefined();
    // One id for the reader in an emulator, which passes whole commands on, and for the one that it is named after.
    expect(readerModel(0x08e6, 0x4433, 'QEMU USB CCID')?.level).toBe('extended-apdu');
    expect(readerModel(0x08e6, 0x4433, 'USB SmartCard Reader')?.level).toBeUndefined();
    expect(correctDescriptor(descriptor, undefined)).toBe(descriptor);
  });
});

describe('a reader that wants something before it switches a card on', () => {
  it('is told to leave the mode of payment cards when it refuses a card for that, once', async () => {
    const gemplus = { vendorId: 0x08e6, productId: 0x4433, level: 'tpdu-t1', powerOnManner: 'iso-mode' } as const;
    const events = await expectCardToAnswer(gemplus, ATR_T1);
    expect(names(events).slice(0, 3)).toEqual(['IccPowerOn', 'Escape', 'IccPowerOn']);
  });

  it.each([
    ['iso-mode', 'reader_fault'],
    ['off-first', 'card_mute'],
  ] as const)('is not humoured unless it is known for that: %s', async (powerOnManner, code) => {
    const { simulated, reader } = await plug({ powerOnManner });
    simulated.insert(createTestCard(ATR_T1));
    await expect(reader.connect()).rejects.toMatchObject({ code });
    await reader.close();
  });

  it('switches the card off first, each time', async () => {
    const { simulated, reader } = await plug({ vendorId: 0x0d46, productId: 0x301d, powerOnManner: 'off-first' });
    simulated.insert(createTestCard(ATR_T1));
    for (let round = 0; round < 2; round++) {
      const connection = await reader.connect();
      expect(await connection.transmit(COMMAND)).toEqual(expectedAnswer(COMMAND));
      await connection.disconnect();
    }
    await reader.close();
  });
});
