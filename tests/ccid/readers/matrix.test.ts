import { describe, expect, it } from 'vitest';
import {
  CardError,
  encodeCommand,
  requestReader,
  type CardConnection,
  type CommandApdu,
  type Reader,
} from '../../../ccid/index.ts';
import {
  createSimulatedReader,
  SimulatedUsb,
  type AnswerFault,
  type BlockFault,
  type SimulatedReader,
  type SimulatedReaderOptions,
} from '../../../ccid/simulated/index.ts';
import { cutsOf, isFull, PATIENCE } from './full-matrix.ts';
import { turnClock } from './turn-clock.ts';
import { ATR_T0, ATR_T1, createTestCard, expectedAnswer } from './test-card.ts';

/** Every exchange level, with the protocol that the card speaks behind it. */
const LEVELS: readonly { name: string; atr: Uint8Array; options: SimulatedReaderOptions }[] = [
  { name: 'extended APDU', atr: ATR_T1, options: { level: 'extended-apdu' } },
  { name: 'short APDU over T=0', atr: ATR_T0, options: { level: 'short-apdu' } },
  { name: 'TPDU T=1', atr: ATR_T1, options: { level: 'tpdu-t1' } },
  { name: 'TPDU T=1, 32-byte blocks', atr: ATR_T1, options: { level: 'tpdu-t1', maxIfsd: 32 } },
  { name: 'TPDU T=0', atr: ATR_T0, options: { level: 'tpdu-t0' } },
  { name: 'character T=0', atr: ATR_T0, options: { level: 'character' } },
  { name: 'character T=0, byte by byte', atr: ATR_T0, options: { level: 'character', procedureStyle: 'one-by-one' } },
  { name: 'character T=0 with NULLs', atr: ATR_T0, options: { level: 'character', procedureStyle: 'after-nulls' } },
  { name: 'character T=1', atr: ATR_T1, options: { level: 'character' } },
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

/** Every APDU case at its borders (ISO 7816-3 §12.1). */
const COMMANDS: readonly { name: string; apdu: CommandApdu }[] = [
  { name: 'case 1', apdu: command(0x44) },
  ...[1, 2, 53, 54, 55, 118, 255, 256].map((ne) => ({ name: `case 2, Ne ${ne}`, apdu: command(0xb0, undefined, ne) })),
  ...[257, 65_535, 65_536].map((ne) => ({ name: `case 2 extended, Ne ${ne}`, apdu: command(0xb0, undefined, ne) })),
  ...[1, 49, 113, 254, 255].map((nc) => ({ name: `case 3, Nc ${nc}`, apdu: command(0xd6, nc) })),
  ...[256, 503, 758, 65_535].map((nc) => ({ name: `case 3 extended, Nc ${nc}`, apdu: command(0xd6, nc) })),
  ...[1, 255].map((nc) => ({ name: `case 4, Nc ${nc}`, apdu: command(0x88, nc, 256) })),
  ...[
    [256, 1],
    [255, 257],
    [500, 700],
    [65_535, 65_536],
  ].map(([nc, ne]) => ({ name: `case 4 extended, Nc ${nc}, Ne ${ne}`, apdu: command(0x88, nc, ne) })),
];

interface Bench {
  readonly usb: SimulatedUsb;
  readonly simulated: SimulatedReader;
  readonly atr: Uint8Array;
  reader: Reader;
  connection: CardConnection;
}

async function set({ atr, options }: (typeof LEVELS)[number]): Promise<Bench> {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader(options);
  usb.attach(simulated.device);
  const reader = await requestReader(usb, { clock: turnClock, timeouts: { transferMs: 40, statusMs: 40 } });
  simulated.insert(createTestCard(atr));
  return { usb, simulated, atr, reader, connection: await reader.connect() };
}

/** What the card must be heard to say: where only short commands pass and there is no data, Ne is at most 256. */
function rightAnswer(level: (typeof LEVELS)[number], apdu: CommandApdu): Uint8Array {
  const isShortForm = level.atr === ATR_T0;
  const isCut = isShortForm && (apdu.data?.length ?? 0) < 256 && (apdu.ne ?? 0) > 256;
  return expectedAnswer(encodeCommand(isCut ? { ...apdu, ne: 256 } : apdu));
}

/** The right answer, or the code of the failure. */
async function outcome(bench: Bench, level: (typeof LEVELS)[number], apdu: CommandApdu): Promise<string> {
  try {
    const answer = await bench.connection.transmit(encodeCommand(apdu));
    return Buffer.compare(answer, rightAnswer(level, apdu)) === 0 ? 'right' : 'WRONG';
  } catch (error) {
    return error instanceof CardError ? error.code : `UNEXPECTED ${String(error)}`;
  }
}

const PROBE = command(0xb0, undefined, 100);

/** Whatever went wrong before: a reader that is there, with a card on it, carries the next command. */
async function expectNextToWork(bench: Bench, level: (typeof LEVELS)[number], what: string): Promise<void> {
  bench.simulated.faults.clear();
  await bench.connection.disconnect();
  await bench.reader.close();
  bench.usb.detach(bench.simulated.device);
  bench.usb.attach(bench.simulated.device);
  bench.simulated.insert(createTestCard(bench.atr));
  bench.reader = await requestReader(bench.usb, { clock: turnClock, timeouts: { transferMs: 40, statusMs: 40 } });
  bench.connection = await bench.reader.connect();
  expect(await outcome(bench, level, PROBE), `next after ${what}`).toBe('right');
}

/** The same without unplugging: disconnect, connect, go on. */
async function expectReconnectToWork(bench: Bench, level: (typeof LEVELS)[number], what: string): Promise<void> {
  bench.simulated.faults.clear();
  await bench.connection.disconnect();
  bench.simulated.insert(createTestCard(bench.atr));
  bench.connection = await bench.reader.connect();
  expect(await outcome(bench, level, PROBE), `reconnected after ${what}`).toBe('right');
}

describe.each(LEVELS)('$name', (level) => {
  it('carries every APDU case', async () => {
    const bench = await set(level);
    // One USB transfer a byte: the longest commands show nothing that shorter ones do not.
    const lengthMax = level.options.procedureStyle === 'one-by-one' ? 1000 : 70_000;
    for (const { name, apdu } of COMMANDS)
      if ((apdu.data?.length ?? 0) + (apdu.ne ?? 0) < lengthMax)
        expect(await outcome(bench, level, apdu), name).toBe('right');
    await bench.reader.close();
  });

  const ANSWER_FAULTS: Record<AnswerFault, string> = {
    'wrong-seq': 'timeout',
    late: 'timeout',
    truncated: 'timeout',
    lost: 'timeout',
    split: 'right',
    'after-zero-length-packet': 'right',
    'time-extensions': 'right',
    stalled: 'reader_fault',
    babble: 'reader_fault',
    garbage: 'timeout',
    flood: 'timeout',
  };
  const isSlow = level.options.procedureStyle === 'one-by-one';
  const size = (apdu: CommandApdu): number => (apdu.data?.length ?? 0) + (apdu.ne ?? 0);
  const EVERY = COMMANDS.map(({ apdu }) => apdu).filter((apdu) => !isSlow || size(apdu) < 1000);
  const FEW = isSlow
    ? [command(0x44), command(0xb0, undefined, 20), command(0xd6, 30)]
    : [command(0x44), command(0xb0, undefined, 256), command(0xd6, 300), command(0x88, 300, 500)];
  const SOME = isFull ? EVERY : FEW;

  it('gives the right answer or the right error when an answer of the reader goes wrong', PATIENCE, async () => {
    const bench = await set(level);
    for (const [fault, expected] of Object.entries(ANSWER_FAULTS))
      for (const apdu of SOME)
        for (const skip of isFull ? [0, 1, 2, 5] : [0, 2]) {
          const what = `${fault} after ${skip}, ins ${apdu.ins}`;
          bench.simulated.faults.onAnswer(fault as AnswerFault, skip);
          const got = await outcome(bench, level, apdu);
          // A command of fewer blocks never meets the fault.
          expect(skip === 0 ? [expected] : [expected, 'right'], what).toContain(got);
          await expectReconnectToWork(bench, level, what);
        }
    await bench.reader.close();
  });

  it('says what happened when the card is pulled, falls silent or hangs', PATIENCE, async () => {
    const bench = await set(level);
    for (const apdu of SOME) {
      bench.simulated.faults.pullCardAfterApdus(0);
      expect(await outcome(bench, level, apdu)).toBe('card_gone');
      await expectReconnectToWork(bench, level, 'a pulled card');

      bench.simulated.faults.mute();
      expect(await outcome(bench, level, apdu)).toBe('card_mute');
      await expectReconnectToWork(bench, level, 'a silent card');

      bench.simulated.faults.hang();
      const abort = new AbortController();
      const pending = bench.connection.transmit(encodeCommand(apdu), abort.signal);
      setTimeout(() => abort.abort(), 2);
      await expect(pending).rejects.toMatchObject({ code: 'aborted' });
      await expectReconnectToWork(bench, level, 'a hanging card');
    }
    await bench.reader.close();
  });

  it('says what happened when the reader refuses a message', async () => {
    const bench = await set(level);
    for (const apdu of isFull ? EVERY : [PROBE]) {
      bench.simulated.faults.stallsLeft = 1;
      expect(await outcome(bench, level, apdu)).toBe('reader_fault');
      await expectReconnectToWork(bench, level, 'a stalled endpoint');
    }
    await bench.reader.close();
  });

  it('says reader_gone when it is unplugged at any byte, and works when it is back', PATIENCE, async () => {
    const bench = await set(level);
    for (const apdu of SOME)
      for (const byte of cutsOf(size(apdu), 61)) {
        bench.simulated.faults.unplugAtByte(byte);
        const got = await outcome(bench, level, apdu);
        // Short commands are over before the plug is reached.
        expect(byte < 23 ? ['reader_gone'] : ['reader_gone', 'right'], `byte ${byte}`).toContain(got);
        await expectNextToWork(bench, level, `unplugging at byte ${byte}`);
        if (got === 'right') break;
      }
    await bench.reader.close();
  });
});

describe.each(LEVELS.filter(({ name }) => name.startsWith('TPDU T=1')))('$name on a bad line', (level) => {
  const FAULTS: readonly BlockFault[] = [
    'corrupt-command',
    'lost-command',
    'corrupt-answer',
    'lost-answer',
    'parity-error',
  ];

  it('asks again for blocks that were disturbed once, twice or three times', PATIENCE, async () => {
    const bench = await set(level);
    for (const fault of FAULTS)
      for (const { name, apdu } of COMMANDS.filter(
        (each) => isFull || ((each.apdu.ne ?? 0) <= 700 && (each.apdu.data?.length ?? 0) <= 758),
      ))
        for (const first of isFull ? [0, 1, 2, 3, 5, 200] : [0, 1, 2, 5])
          for (const times of [1, 2, 3]) {
            for (let i = 0; i < times; i++) bench.simulated.faults.onBlock(fault, first + i);
            expect(await outcome(bench, level, apdu), `${name}: ${times} × ${fault} at ${first}`).toBe('right');
            bench.simulated.faults.clear();
          }
    await bench.reader.close();
  });

  it('never gives a wrong answer when two different things go wrong', async () => {
    const bench = await set(level);
    for (const one of FAULTS)
      for (const other of FAULTS)
        for (const gap of [1, 2, 3]) {
          bench.simulated.faults.onBlock(one, 1);
          bench.simulated.faults.onBlock(other, 1 + gap);
          expect(await outcome(bench, level, command(0x88, 700, 900)), `${one}, ${gap}, ${other}`).toBe('right');
          bench.simulated.faults.clear();
        }
    await bench.reader.close();
  });

  it('gives up when the line stays bad, without sending a command twice', async () => {
    const bench = await set(level);
    const card = createTestCard(bench.atr);
    for (const fault of FAULTS) {
      bench.simulated.insert(card);
      await bench.connection.disconnect();
      bench.connection = await bench.reader.connect();
      card.commands.length = 0;
      for (let i = 0; i < 40; i++) bench.simulated.faults.onBlock(fault, i);
      const got = await outcome(bench, level, command(0x88, 10, 20));
      expect(['card_mute', 'protocol_error'], fault).toContain(got);
      expect(card.commands.length, fault).toBeLessThanOrEqual(1);
      await expectReconnectToWork(bench, level, fault);
    }
    await bench.reader.close();
  });
});
