import {
  createSimulatedRcS300,
  createSimulatedRcS380,
  createSimulatedReader,
  type SimulatedCard,
  type SimulatedReaderOptions,
} from 'webusb-ccid/simulated';
import type { PluggableDevice } from '../../ccid/simulated/usb.ts';

/** A way on which APDUs go, and the fewest bulk transfers that one APDU can do with on it. */
export interface Level {
  readonly name: string;
  readonly atr: readonly number[];
  readonly command: Uint8Array<ArrayBuffer>;
  readonly answer: Uint8Array<ArrayBuffer>;
  readonly fewest: number;
  /** A reader with the card on it. */
  create(card: SimulatedCard): PluggableDevice;
}

const T0 = [0x3b, 0x00];
const T1 = [0x3b, 0x80, 0x81, 0x31, 0xfe, 0x00, 0xce];

/** READ BINARY of 240 bytes, the usual portion of a file. */
const READ = { command: Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0xf0), answer: answerOf(240) };

/** A command and an answer that pass no reader's message whole. */
const LONG_BYTES = 1000;
const LONG = { command: longCommand(), answer: answerOf(LONG_BYTES) };
const MESSAGE_BYTES = 271;
const HEADER_BYTES = 10;

/** Each message of a CCID reader is one transfer out and its reply one transfer in. */
const xfrBlocks = (count: number): number => 2 * count;

export const LEVELS: readonly Level[] = [
  ccid('extended APDU', { level: 'extended-apdu' }, T1, READ, xfrBlocks(1)),
  // The last part of the command brings the first of the answer.
  ccid(
    'extended APDU in parts',
    { level: 'extended-apdu', messageLengthMax: MESSAGE_BYTES },
    T1,
    LONG,
    xfrBlocks(partsOf(LONG.command.length) + partsOf(LONG.answer.length) - 1),
  ),
  ccid('short APDU', { level: 'short-apdu' }, T1, READ, xfrBlocks(1)),
  // Case 2 with the right Le: one TPDU.
  ccid('TPDU T=0', { level: 'tpdu-t0' }, T0, READ, xfrBlocks(1)),
  // Command and answer fit a block of 254 each.
  ccid('TPDU T=1', { level: 'tpdu-t1' }, T1, READ, xfrBlocks(1)),
  // Behind the header only two bytes are certain, SW1-SW2 or a procedure byte with the first data behind it; once the
  // card has agreed, all the rest is.
  ccid('character T=0', { level: 'character' }, T0, READ, xfrBlocks(2)),
  // Prologue and check are certain, and how long the field between them is stands in the prologue.
  ccid('character T=1', { level: 'character' }, T1, READ, xfrBlocks(2)),
  // A frame out, and in come the acknowledgement and the response, a transfer each.
  { name: 'RC-S380', atr: T1, ...READ, fewest: 3, create: (card) => withCard(createSimulatedRcS380(), card) },
  // A transparent exchange in an Escape message, and its reply.
  { name: 'RC-S300', atr: T1, ...READ, fewest: 2, create: (card) => withCard(createSimulatedRcS300(), card) },
];

function ccid(
  name: string,
  options: SimulatedReaderOptions,
  atr: readonly number[],
  { command, answer }: Pick<Level, 'command' | 'answer'>,
  fewest: number,
): Level {
  return { name, atr, command, answer, fewest, create: (card) => withCard(createSimulatedReader(options), card) };
}

function withCard(
  reader: { readonly device: PluggableDevice; insert(card: SimulatedCard): void },
  card: SimulatedCard,
): PluggableDevice {
  reader.insert(card);
  return reader.device;
}

function partsOf(bytes: number): number {
  return Math.ceil(bytes / (MESSAGE_BYTES - HEADER_BYTES));
}

function answerOf(length: number): Uint8Array<ArrayBuffer> {
  const answer = new Uint8Array(length + 2).fill(0x5a);
  answer.set([0x90, 0x00], length);
  return answer;
}

/** Case 4 extended, as much out as in. */
function longCommand(): Uint8Array<ArrayBuffer> {
  const lengths = [LONG_BYTES >> 8, LONG_BYTES & 0xff];
  const data = new Uint8Array(LONG_BYTES).fill(0xa5);
  return Uint8Array.of(0x00, 0x88, 0x00, 0x00, 0x00, ...lengths, ...data, ...lengths);
}
