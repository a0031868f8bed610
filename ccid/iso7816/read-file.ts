import { CardError } from '../errors.ts';
import { concatBytes } from './bytes.ts';
import type { CardChannel } from './card-channel.ts';
import type { CommandApdu } from './apdu.ts';
import { readBinary, readBinarySfi } from './commands.ts';
import { exchange } from './exchange.ts';
import { STATUS_WORD, statusError } from './status-word.ts';
import { parseTlvHeader } from './tlv.ts';

/** What a short Le can ask for; larger reads gain nothing over T=1 and fail on many readers. */
const CHUNK_MAX = 256;
/** Offsets in READ BINARY have 15 bits (ISO 7816-4 §7.2.3). */
const FILE_MAX = 0x8000;

/**
 * Reads `length` bytes of the selected EF in chunks of at most 256.
 *
 * @throws {CardError} `not_permitted` when the file is locked, `not_found` when none is selected, `protocol_error`
 *   when the file ends early
 */
export async function readEf(channel: CardChannel, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  return readFrom(channel, [], 0, length, signal);
}

/**
 * Reads the selected EF that holds one DER object (a certificate) and no length field of its own: the first chunk
 * brings the header, the header says how much follows.
 *
 * @throws {CardError} as {@link readEf}; `wrong_data` when the file does not begin with a data object
 */
export function readDerEf(channel: CardChannel, signal?: AbortSignal): Promise<Uint8Array> {
  return readDer(channel, readBinary(0, CHUNK_MAX), signal);
}

/** {@link readDerEf} of an EF that the first read selects by its short identifier: one command fewer. */
export function readDerSfi(channel: CardChannel, sfi: number, signal?: AbortSignal): Promise<Uint8Array> {
  return readDer(channel, readBinarySfi(sfi, 0, CHUNK_MAX), signal);
}

async function readDer(channel: CardChannel, start: CommandApdu, signal?: AbortSignal): Promise<Uint8Array> {
  const first = await readChunk(channel, start, signal);
  let total: number;
  try {
    const { headerLength, valueLength } = parseTlvHeader(first);
    total = headerLength + valueLength;
  } catch (cause) {
    throw new CardError('wrong_data', 'the file does not hold a data object', { cause });
  }
  if (total > FILE_MAX) throw new CardError('wrong_data', 'an object longer than offsets of 15 bits can reach');
  if (first.length >= total) return first.slice(0, total);
  return readFrom(channel, [first], first.length, total, signal);
}

async function readFrom(
  channel: CardChannel,
  chunks: Uint8Array[],
  start: number,
  total: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  for (let offset = start; offset < total;) {
    const chunk = await readChunk(channel, readBinary(offset, Math.min(CHUNK_MAX, total - offset)), signal);
    if (chunk.length === 0) throw new CardError('protocol_error', 'the file ended before its length');
    chunks.push(chunk);
    offset += chunk.length;
  }
  return concatBytes(...chunks).slice(0, total);
}

async function readChunk(
  channel: CardChannel,
  command: CommandApdu,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { data, sw } = await exchange(channel, command, signal);
  // 6282 gives what there is and says that there is no more: right for the last chunk of a short file.
  if (sw !== STATUS_WORD.OK && sw !== STATUS_WORD.END_OF_FILE) throw statusError(sw, 'READ BINARY');
  return data;
}
