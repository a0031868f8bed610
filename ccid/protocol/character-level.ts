import { CardError } from '../errors.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import { SlotFailure } from './slot-failure.ts';
import type { CcidSlot } from './slot.ts';
import { edcLength, type Edc } from './t1-block.ts';

const NOTHING = new Uint8Array();

/**
 * The bytes of the line at a character level reader (CCID §6.1.4): what is written goes to the card, wLevelParameter
 * says how many bytes are waited for. Asking for more than come would end in silence, asking for one at a time costs two
 * USB transfers each; so every call says how many are `certain` to come, and what is over stays for the next.
 */
export class CharacterLine {
  readonly #slot: CcidSlot;
  #read: Uint8Array = NOTHING;

  constructor(slot: CcidSlot) {
    this.#slot = slot;
  }

  /**
   * Sends `bytes` and returns exactly `count` of the bytes that come.
   *
   * @param certain how many come in any case, at least `count`
   * @throws {CardError} as {@link CcidSlot.xfrBlock}
   */
  async exchange(bytes: Uint8Array, count: number, certain = count, bBWI = 0): Promise<Uint8Array> {
    if (bytes.length > 0) this.#read = NOTHING;
    let outgoing = bytes;
    while (outgoing.length > 0 || this.#read.length < count) {
      const { abData } = await this.#slot.xfrBlock(outgoing, bBWI, certain - this.#read.length);
      if (abData.length === 0) throw new SlotFailure('card_mute', 'the card does not go on', 'mute');
      this.#read = this.#read.length === 0 ? abData : concatBytes(this.#read, abData);
      outgoing = NOTHING;
    }
    const taken = this.#read.subarray(0, count);
    this.#read = this.#read.subarray(count);
    return taken;
  }

  /** The next bytes without sending any. */
  next(count: number, certain = count): Promise<Uint8Array> {
    return this.exchange(NOTHING, count, certain);
  }
}

/** A card that sends this many NULL bytes in a row works longer than any card is known to. */
const NULLS_MAX = 10_000;
/** An answer ends with these, whatever comes before. */
const SW_LENGTH = 2;

/**
 * One T=0 command TPDU byte by byte: the procedure bytes say what the card wants next (ISO 7816-3 §10.3.3).
 *
 * A card that wants no data from us cannot stop behind a procedure byte: SW2, another one or data follows. So two bytes
 * are certain there, and SW1-SW2 behind data.
 *
 * @throws {CardError} `protocol_error` for a procedure byte that does not exist
 */
export async function exchangeT0Characters(line: CharacterLine, tpdu: Uint8Array): Promise<Uint8Array> {
  const [ins, p3] = [tpdu[1] ?? 0, tpdu[4] ?? 0];
  const data = tpdu.subarray(5);
  const wanted = data.length > 0 ? 0 : p3 || 256;
  const received: Uint8Array[] = [];
  let [sent, got, nulls] = [0, 0, 0];
  const certain = (): number => (sent < data.length ? 1 : SW_LENGTH);
  let [procedure = 0] = await line.exchange(tpdu.subarray(0, 5), 1, certain());
  for (;;) {
    if (procedure === 0x60) {
      if (++nulls > NULLS_MAX) throw new CardError('protocol_error', 'the card asks for time without end');
      [procedure = 0] = await line.next(1, certain());
    } else if ((procedure & 0xf0) === 0x60 || (procedure & 0xf0) === 0x90) {
      const [sw2 = 0] = await line.next(1);
      return concatBytes(...received, Uint8Array.of(procedure, sw2));
    } else if (procedure === ins || procedure === (ins ^ 0xff)) {
      const isOne = procedure !== ins;
      if (data.length > 0) {
        const part = data.subarray(sent, isOne ? sent + 1 : data.length);
        if (part.length === 0) throw new CardError('protocol_error', 'the card wants more data than there is');
        sent += part.length;
        [procedure = 0] = await line.exchange(part, 1, certain());
      } else {
        const count = isOne ? 1 : wanted - got;
        if (got === wanted) throw new CardError('protocol_error', 'the card gives more data than asked for');
        const part = await line.next(count, count + SW_LENGTH);
        received.push(part);
        got += part.length;
        [procedure = 0] = await line.next(1, SW_LENGTH);
      }
    } else throw new CardError('protocol_error', 'a procedure byte that does not exist');
  }
}

/** One T=1 block: the prologue says how long the information field before the error detection code is. */
export async function exchangeT1Characters(
  line: CharacterLine,
  block: Uint8Array,
  bBWI: number,
  edc: Edc,
): Promise<Uint8Array> {
  const head = await line.exchange(block, 3, 3 + edcLength(edc), bBWI);
  const rest = await line.next((head[2] ?? 0) + edcLength(edc));
  return concatBytes(head, rest);
}

/** The PPS exchange: PPS0 says which of PPS1 to PPS3 follow before PCK (ISO 7816-3 §9.2). */
export async function exchangePpsCharacters(line: CharacterLine, request: Uint8Array): Promise<Uint8Array> {
  const head = await line.exchange(request, 2, 3);
  const pps0 = head[1] ?? 0;
  const optional = [0x10, 0x20, 0x40].filter((bit) => (pps0 & bit) !== 0).length;
  return concatBytes(head, await line.next(optional + 1));
}
