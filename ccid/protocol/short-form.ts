import { CardError } from '../errors.ts';
import { encodeCommand, parseCommand, type CommandApdu } from '../iso7816/apdu.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import { channelClass, INS } from '../iso7816/commands.ts';

/** An answer to a command that fits the short form. */
export interface ShortAnswer {
  readonly data: Uint8Array;
  readonly sw1: number;
  readonly sw2: number;
}

/** Carries one command of at most 255 data bytes and Ne of at most 256. */
export type ShortExchange = (command: CommandApdu) => Promise<ShortAnswer>;

const DATA_MAX = 255;
const NE_MAX = 256;
/** A response is at most 65,536 bytes; more portions than this is a card gone astray. */
const PORTIONS_MAX = 1024;
/** b5 of CLA: the command goes on (ISO 7816-4 §5.3.3). */
const CHAINING = 0x10;

/**
 * Carries any command APDU where only short ones pass (ISO 7816-3 §12.2, ISO 7816-4 §5.3): long data in chained
 * commands when the card says that it joins them, else in ENVELOPE; a long answer by GET RESPONSE as long as the card
 * says `61xx`.
 *
 * Ne above 256 becomes Le = 00: a card that then ends with 9000 had no more to give in the short form.
 */
export async function transmitInShortForm(
  exchange: ShortExchange,
  apdu: Uint8Array,
  { canChain }: { readonly canChain: boolean },
): Promise<Uint8Array> {
  const command = parseCommand(apdu);
  let answer: ShortAnswer | undefined;
  for (const part of shortParts(command, canChain)) {
    if (answer && (answer.sw1 !== 0x90 || answer.data.length > 0)) break;
    answer = await exchange(part);
  }
  if (!answer) throw new TypeError('a command has at least one part');
  return collect(exchange, command, answer);
}

function shortParts(command: CommandApdu, canChain: boolean): CommandApdu[] {
  const { cla, data, ne } = command;
  const shortNe = ne === undefined ? {} : { ne: Math.min(ne, NE_MAX) };
  if (!data || data.length <= DATA_MAX) return [{ ...command, ...shortNe }];
  if (canChain) {
    const parts = cut(data, DATA_MAX);
    return parts.map((part, i) =>
      i < parts.length - 1
        ? { cla: cla | CHAINING, ins: command.ins, p1: command.p1, p2: command.p2, data: part }
        : { ...command, ...shortNe, data: part },
    );
  }
  const apdu = encodeCommand(command);
  const parts = cut(apdu, envelopeSize(apdu.length));
  const header = { cla: channelClass(cla), ins: INS.ENVELOPE, p1: 0, p2: 0 };
  return parts.map((part, i) => ({ ...header, data: part, ...(i === parts.length - 1 && shortNe) }));
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
}

/** The last part is never a full one: a card that counts Lc alone could not tell whether Le is still to come. */
function envelopeSize(total: number): number {
  let size = DATA_MAX;
  while (total % size === 0) size--;
  return size;
}

async function collect(exchange: ShortExchange, command: CommandApdu, first: ShortAnswer): Promise<Uint8Array> {
  const wanted = command.ne ?? 0;
  const parts = [first.data];
  let length = first.data.length;
  let last = first;
  for (let portions = 0; last.sw1 === 0x61 && length < wanted; portions++) {
    if (portions >= PORTIONS_MAX) throw new CardError('protocol_error', 'the response has no end');
    const ne = Math.min(last.sw2 || NE_MAX, wanted - length);
    last = await exchange({ cla: channelClass(command.cla), ins: INS.GET_RESPONSE, p1: 0, p2: 0, ne });
    parts.push(last.data);
    length += last.data.length;
  }
  // A caller who wanted fewer bytes than the card has, or none, is done: 61xx is a success (ISO 7816-3 §12.2.2).
  return concatBytes(...parts, Uint8Array.of(last.sw1, last.sw2));
}

/** @throws {CardError} `protocol_error` when there is no status word or more data than asked for */
export function parseShortAnswer(bytes: Uint8Array, dataMax: number): ShortAnswer {
  const [sw1, sw2] = bytes.subarray(-2);
  if (sw1 === undefined || sw2 === undefined || bytes.length > dataMax + 2)
    throw new CardError('protocol_error', 'an answer of impossible length');
  return { data: bytes.slice(0, -2), sw1, sw2 };
}
