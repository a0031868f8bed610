import { concatBytes } from '../iso7816/bytes.ts';
import type { SimulatedCard } from '../simulated/card.ts';

/** Message types of the VSCARD protocol, by which QEMU's `ccid-card-passthru` speaks to a card outside. */
const TYPE = { init: 1, error: 2, readerAdd: 3, atr: 5, cardRemove: 6, apdu: 7, flush: 8, flushComplete: 9 } as const;
const HEADER_SIZE_BYTES = 12;
const MAGIC = new TextEncoder().encode('VSCD');
const VERSION = 2;
/** Before the reader has told its number. */
const NO_READER = 0xffffffff;

/** The card's end of a VSCARD connection: bytes in, answers out. Knows no sockets. */
export interface VscardLink {
  /** Greets the reader and lays the card on it. */
  start(): void;
  /** Takes the next bytes as they come; resolves when every whole message in them is answered. */
  receive(bytes: Uint8Array): Promise<void>;
  /** Takes the card away. */
  remove(): void;
}

/**
 * Speaks VSCARD for a simulated card: greeting, reader, ATR, then commands. The reader tells nothing of power and reset,
 * so the card keeps its session until it is taken away.
 *
 * @param send writes to the reader; a message is type, reader number and length of four bytes each, then that many bytes
 */
export function createVscardLink(card: SimulatedCard, send: (message: Uint8Array) => void): VscardLink {
  let buffer: Uint8Array = new Uint8Array();
  let turn: Promise<void> = Promise.resolve();
  let reader = NO_READER;
  let hasAtr = false;

  const say = (type: number, payload: Uint8Array = new Uint8Array()): void => {
    send(concatBytes(encodeNumbers(type, reader, payload.length), payload));
  };

  async function answer(type: number, from: number, payload: Uint8Array): Promise<void> {
    if (type === TYPE.apdu) say(TYPE.apdu, await card.process(payload));
    else if (type === TYPE.flush) say(TYPE.flushComplete);
    else if (type === TYPE.init) say(TYPE.readerAdd, Uint8Array.of(0));
    else if (type === TYPE.error && from !== NO_READER && !hasAtr) {
      // Error 0 is "done": the reader is there and has told its number.
      reader = from;
      hasAtr = true;
      card.reset();
      say(TYPE.atr, card.atr);
    }
  }

  function take(): { type: number; from: number; payload: Uint8Array } | undefined {
    if (buffer.length < HEADER_SIZE_BYTES) return undefined;
    const view = new DataView(buffer.buffer, buffer.byteOffset, HEADER_SIZE_BYTES);
    const end = HEADER_SIZE_BYTES + view.getUint32(8);
    if (buffer.length < end) return undefined;
    const payload = buffer.slice(HEADER_SIZE_BYTES, end);
    buffer = buffer.slice(end);
    return { type: view.getUint32(0), from: view.getUint32(4), payload };
  }

  return {
    start: () => say(TYPE.init, concatBytes(MAGIC, encodeNumbers(VERSION, 0))),
    receive(bytes) {
      buffer = concatBytes(buffer, bytes);
      for (let message = take(); message; message = take()) {
        const { type, from, payload } = message;
        turn = turn.then(() => answer(type, from, payload));
      }
      return turn;
    },
    remove: () => say(TYPE.cardRemove),
  };
}

function encodeNumbers(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  numbers.forEach((number, i) => new DataView(bytes.buffer).setUint32(i * 4, number));
  return bytes;
}
