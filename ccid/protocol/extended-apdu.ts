import { CardError } from '../errors.ts';
import { concatBytes } from '../iso7816/bytes.ts';
import { HEADER_LENGTH } from './message-types.ts';
import type { CcidReply } from './replies.ts';
import type { CcidSlot } from './slot.ts';

/** wLevelParameter of a command's parts (CCID §6.1.4). */
const COMMAND = { WHOLE: 0x0000, BEGINS: 0x0001, ENDS: 0x0002, CONTINUES: 0x0003, EMPTY: 0x0010 } as const;
/** bChainParameter of a response's parts (CCID §6.2.1). */
const RESPONSE = { WHOLE: 0x00, BEGINS: 0x01, ENDS: 0x02, CONTINUES: 0x03, SEND_MORE: 0x10 } as const;

/** Extended Ne plus status word. */
const RESPONSE_MAX = 65_538;

/**
 * One APDU of any length, cut to the reader's message length in both directions.
 *
 * @throws {CardError} `protocol_error` when the reader's chaining makes no sense, and as {@link CcidSlot.xfrBlock}
 */
export async function exchangeExtendedApdu(slot: CcidSlot, command: Uint8Array): Promise<Uint8Array> {
  const blockMax = slot.descriptor.dwMaxCCIDMessageLength - HEADER_LENGTH;
  const isWhole = command.length <= blockMax;
  const reply = await (isWhole ? slot.xfrBlock(command, 0, COMMAND.WHOLE) : sendInParts(slot, command, blockMax));
  return reply.bSpecific === RESPONSE.WHOLE ? reply.abData : collect(slot, reply);
}

async function sendInParts(slot: CcidSlot, command: Uint8Array, blockMax: number): Promise<CcidReply> {
  for (let at = 0; ; at += blockMax) {
    const isLast = at + blockMax >= command.length;
    const level = at === 0 ? COMMAND.BEGINS : isLast ? COMMAND.ENDS : COMMAND.CONTINUES;
    const reply = await slot.xfrBlock(command.subarray(at, at + blockMax), 0, level);
    if (isLast) return reply;
    if (reply.bSpecific !== RESPONSE.SEND_MORE || reply.abData.length > 0)
      throw new CardError('protocol_error', 'the reader does not wait for the rest of the command');
  }
}

async function collect(slot: CcidSlot, first: CcidReply): Promise<Uint8Array> {
  const { BEGINS, ENDS, CONTINUES } = RESPONSE;
  if (first.bSpecific !== BEGINS) throw new CardError('protocol_error', 'the response does not begin');
  const parts = [first.abData];
  for (let length = first.abData.length; length <= RESPONSE_MAX;) {
    const { abData, bSpecific } = await slot.xfrBlock(new Uint8Array(), 0, COMMAND.EMPTY);
    parts.push(abData);
    length += abData.length;
    if (bSpecific === ENDS) return concatBytes(...parts);
    if (bSpecific !== CONTINUES || abData.length === 0)
      throw new CardError('protocol_error', 'the response does not go on');
  }
  throw new CardError('protocol_error', 'the response has no end');
}
