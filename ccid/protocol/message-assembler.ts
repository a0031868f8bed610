import { concatBytes } from '../iso7816/bytes.ts';
import { HEADER_LENGTH } from './message-types.ts';
import { messageLength } from './replies.ts';

const NOTHING = new Uint8Array();

/**
 * Cuts bulk-in transfers into messages. One transfer normally is one message; a message may also come in pieces, and a
 * message that fills its last packet may be followed by the next one in the same transfer.
 */
export class MessageAssembler {
  readonly #messageLengthMax: number;
  readonly #packetSize: number;
  #pending: Uint8Array = NOTHING;

  constructor(messageLengthMax: number, packetSize: number) {
    this.#messageLengthMax = messageLengthMax;
    this.#packetSize = packetSize;
  }

  /** The messages that are complete with this transfer; `'garbage'` stands for bytes that cannot be a message. */
  add(transfer: Uint8Array): readonly (Uint8Array | 'garbage')[] {
    const messages: (Uint8Array | 'garbage')[] = [];
    let rest = this.#pending.length > 0 ? concatBytes(this.#pending, transfer) : transfer;
    this.#pending = NOTHING;
    while (rest.length > 0) {
      if (rest.length < HEADER_LENGTH) {
        this.#pending = rest.slice();
        break;
      }
      const length = messageLength(rest);
      if (length > this.#messageLengthMax) return [...messages, 'garbage'];
      if (length > rest.length) {
        this.#pending = rest.slice();
        break;
      }
      // Each transfer has a buffer of its own, so a message may be a part of it.
      messages.push(length === rest.length ? rest : rest.subarray(0, length));
      // A short packet ended the message, so what follows it in the transfer is no message: QEMU's reader appends the
      // seven parameter bytes that its dwLength does not count.
      if (length % this.#packetSize !== 0) break;
      rest = rest.subarray(length);
    }
    return messages;
  }

  /** Forgets half a message, because a transfer was lost or the exchange is over. */
  clear(): void {
    this.#pending = NOTHING;
  }
}
