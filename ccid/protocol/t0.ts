import type { CommandApdu } from '../iso7816/apdu.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import { parseShortAnswer, transmitInShortForm, type ShortAnswer } from './short-form.ts';

/** Carries one command TPDU, five header bytes and data, and returns data and SW1-SW2 (ISO 7816-3 §10.3). */
export type T0Exchange = (tpdu: Uint8Array) => Promise<Uint8Array>;

/**
 * Carries one command APDU over T=0 (ISO 7816-3 §12.2): 6Cxx repeats with the right length, 61xx fetches with GET
 * RESPONSE, long commands travel in ENVELOPE.
 *
 * After a case 4 command that ends with 9000 or a warning no GET RESPONSE is sent, though the text allows one: cards
 * that have data say 61xx.
 *
 * @throws {CardError} `protocol_error`, and whatever `exchange` throws
 */
export function transmitT0(exchange: T0Exchange, apdu: Uint8Array, options = { canChain: false }): Promise<Uint8Array> {
  return transmitInShortForm((command) => sendTpdu(exchange, command), apdu, options);
}

async function sendTpdu(exchange: T0Exchange, command: CommandApdu): Promise<ShortAnswer> {
  const { cla, ins, p1, p2, data, ne } = command;
  const header = Uint8Array.of(cla, ins, p1, p2);
  if (data) return send(exchange, header, data.length, data, 0);
  if (ne === undefined) return send(exchange, header, 0, new Uint8Array(), 0);
  const answer = await send(exchange, header, ne, new Uint8Array(), ne);
  if (answer.sw1 !== 0x6c) return answer;
  const exact = answer.sw2 || 256;
  const repeated = await send(exchange, header, exact, new Uint8Array(), exact);
  return { ...repeated, data: repeated.data.slice(0, ne) };
}

async function send(
  exchange: T0Exchange,
  header: Uint8Array,
  p3: number,
  data: Uint8Array,
  dataMax: number,
): Promise<ShortAnswer> {
  return parseShortAnswer(await exchange(concatBytes(header, Uint8Array.of(p3 & 0xff), data)), dataMax);
}
