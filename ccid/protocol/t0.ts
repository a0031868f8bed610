import { CardError } from '../errors.ts';
import { encodeCommand, isExtended, parseCommand, type CommandApdu } from '../iso7816/apdu.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import { channelClass, INS } from '../iso7816/commands.ts';

/** Carries one command TPDU, five header bytes and data, and returns data and SW1-SW2 (ISO 7816-3 §10.3). */
export type T0Exchange = (tpdu: Uint8Array) => Promise<Uint8Array>;

/** A response is at most 65,536 bytes in portions of at most 256; more portions than this is a card gone astray. */
const PORTIONS_MAX = 1024;
const ENVELOPE_DATA_MAX = 255;

interface T0Answer {
  readonly data: Uint8Array;
  readonly sw1: number;
  readonly sw2: number;
}

/**
 * Carries one command APDU over T=0 (ISO 7816-3 §12.2): 6Cxx repeats with the right length, 61xx fetches with GET
 * RESPONSE, long commands travel in ENVELOPE.
 *
 * After a case 4 command that ends with 9000 or a warning no GET RESPONSE is sent, though the text allows one: cards
 * that have data say 61xx.
 *
 * @throws {CardError} `protocol_error`, and whatever `exchange` throws
 */
export async function transmitT0(exchange: T0Exchange, apdu: Uint8Array): Promise<Uint8Array> {
  const command = parseCommand(apdu);
  const first =
    isExtended(command) && command.data && command.data.length > ENVELOPE_DATA_MAX
      ? await sendEnvelopes(exchange, command)
      : await sendShort(exchange, command);
  return collect(exchange, command, first);
}

async function sendShort(exchange: T0Exchange, command: CommandApdu): Promise<T0Answer> {
  const { cla, ins, p1, p2, data, ne } = command;
  if (data) return send(exchange, concatBytes(Uint8Array.of(cla, ins, p1, p2, data.length), data), 0);
  if (ne === undefined) return send(exchange, Uint8Array.of(cla, ins, p1, p2, 0), 0);
  return sendForData(exchange, Uint8Array.of(cla, ins, p1, p2), Math.min(ne, 256));
}

/** Case 2: `6Cxx` names the length to repeat with. */
async function sendForData(exchange: T0Exchange, header: Uint8Array, length: number): Promise<T0Answer> {
  const answer = await send(exchange, concatBytes(header, Uint8Array.of(length & 0xff)), length);
  if (answer.sw1 !== 0x6c) return answer;
  const exact = answer.sw2 || 256;
  const repeated = await send(exchange, concatBytes(header, Uint8Array.of(exact & 0xff)), exact);
  return { ...repeated, data: repeated.data.slice(0, length) };
}

async function sendEnvelopes(exchange: T0Exchange, command: CommandApdu): Promise<T0Answer> {
  const apdu = encodeCommand(command);
  const header = Uint8Array.of(channelClass(command.cla), INS.ENVELOPE, 0, 0);
  const size = envelopeSize(apdu.length);
  for (let at = 0; ; at += size) {
    const part = apdu.subarray(at, at + size);
    const answer = await send(exchange, concatBytes(header, Uint8Array.of(part.length), part), 0);
    const isLast = at + size >= apdu.length;
    if (isLast || answer.sw1 !== 0x90) return answer;
  }
}

/** The last part is never a full one: a card that counts Lc alone could not tell whether Le is still to come. */
function envelopeSize(total: number): number {
  let size = ENVELOPE_DATA_MAX;
  while (total % size === 0) size--;
  return size;
}

async function collect(exchange: T0Exchange, command: CommandApdu, first: T0Answer): Promise<Uint8Array> {
  const wanted = command.ne ?? 0;
  const parts = [first.data];
  let length = first.data.length;
  let last = first;
  for (let portions = 0; last.sw1 === 0x61 && length < wanted; portions++) {
    if (portions >= PORTIONS_MAX) throw new CardError('protocol_error', 'the response has no end');
    const header = Uint8Array.of(channelClass(command.cla), INS.GET_RESPONSE, 0, 0);
    last = await sendForData(exchange, header, Math.min(last.sw2 || 256, wanted - length));
    parts.push(last.data);
    length += last.data.length;
  }
  // The caller who wanted fewer bytes than the card has, or none, is done: 61xx is a success (ISO 7816-3 §12.2.2).
  return concatBytes(...parts, Uint8Array.of(last.sw1, last.sw2));
}

async function send(exchange: T0Exchange, tpdu: Uint8Array, dataMax: number): Promise<T0Answer> {
  const answer = await exchange(tpdu);
  const [sw1, sw2] = answer.subarray(-2);
  if (sw1 === undefined || sw2 === undefined || answer.length > dataMax + 2)
    throw new CardError('protocol_error', 'a T=0 answer of impossible length');
  return { data: answer.slice(0, -2), sw1, sw2 };
}
