import { concatBytes } from '../iso7816/bytes.ts';
import type { SimulatedCard } from '../simulated/card.ts';

/** One-byte messages of vsmartcard's virtual reader (vpcd); anything longer is a command APDU. */
const CONTROL = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, getAtr: 0x04 } as const;
const LENGTH_SIZE_BYTES = 2;

/** The card's end of a vpcd connection: bytes in, answers out. Knows no sockets. */
export interface VpcdLink {
  /** Takes the next bytes as they come; resolves when every whole message in them is answered. */
  receive(bytes: Uint8Array): Promise<void>;
}

/** @param send writes to the reader; messages are a length of two bytes, most significant first, and that many bytes */
export function createVpcdLink(card: SimulatedCard, send: (message: Uint8Array) => void): VpcdLink {
  let buffer: Uint8Array = new Uint8Array();
  let turn: Promise<void> = Promise.resolve();

  async function answer(message: Uint8Array): Promise<void> {
    if (message.length !== 1) return send(frame(await card.process(message)));
    if (message[0] === CONTROL.getAtr) return send(frame(card.atr));
    // Power and reset are not answered, and a card that has lost its power has lost its session.
    card.reset();
  }

  return {
    receive(bytes) {
      buffer = concatBytes(buffer, bytes);
      for (let message = take(); message; message = take()) {
        const next = message;
        turn = turn.then(() => answer(next));
      }
      return turn;
    },
  };

  function take(): Uint8Array | undefined {
    if (buffer.length < LENGTH_SIZE_BYTES) return undefined;
    const end = LENGTH_SIZE_BYTES + ((buffer[0]! << 8) | buffer[1]!);
    if (buffer.length < end) return undefined;
    const message = buffer.slice(LENGTH_SIZE_BYTES, end);
    buffer = buffer.slice(end);
    return message;
  }
}

function frame(message: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(message.length >> 8, message.length & 0xff), message);
}
