import { CardError } from '../errors.ts';
import { encodeCommand, parseResponse, type CommandApdu, type ResponseApdu } from './apdu.ts';
import { concatBytes } from './bytes.ts';
import type { CardChannel } from './card-channel.ts';
import { getResponse } from './commands.ts';

/** The longest answer there is: extended Ne. A card that offers more is lost in its own counting. */
const RESPONSE_MAX = 65_536;

/**
 * Sends one command and collects its whole answer: `6Cxx` repeats the command once with the length the card named,
 * `61xx` fetches the rest with GET RESPONSE (ISO 7816-4 §5.3.4, §7.6.1).
 *
 * A command without `ne` is never sent twice, so a VERIFY is not either.
 *
 * @throws {CardError} whatever the channel throws; `protocol_error` for an answer without status word or without end
 */
export async function exchange(
  channel: CardChannel,
  command: CommandApdu,
  signal?: AbortSignal,
): Promise<ResponseApdu> {
  let response = await transmitSized(channel, command, signal);
  if (response.sw >> 8 !== 0x61) return response;

  const parts: Uint8Array[] = [response.data];
  let length = response.data.length;
  while (response.sw >> 8 === 0x61) {
    response = await transmitSized(channel, getResponse(command.cla, response.sw & 0xff || 256), signal);
    parts.push(response.data);
    length += response.data.length;
    const isStuck = response.sw >> 8 === 0x61 && response.data.length === 0;
    if (isStuck || length > RESPONSE_MAX) throw new CardError('protocol_error', 'the answer has no end');
  }
  return { data: concatBytes(...parts), sw: response.sw };
}

async function transmitSized(channel: CardChannel, command: CommandApdu, signal?: AbortSignal): Promise<ResponseApdu> {
  const first = await transmitOnce(channel, command, signal);
  if (first.sw >> 8 !== 0x6c || command.ne === undefined) return first;
  return transmitOnce(channel, { ...command, ne: first.sw & 0xff || 256 }, signal);
}

async function transmitOnce(channel: CardChannel, command: CommandApdu, signal?: AbortSignal): Promise<ResponseApdu> {
  const answer = await channel.transmit(encodeCommand(command), signal);
  if (answer.length < 2) throw new CardError('protocol_error', 'an answer without status word');
  return parseResponse(answer);
}
