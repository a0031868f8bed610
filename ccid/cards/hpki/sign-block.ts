import type { CommandApdu, ResponseApdu } from '../../iso7816/apdu.ts';
import { concatBytes } from '../../iso7816/bytes.ts';
import type { CardChannel } from '../../iso7816/card-channel.ts';
import { INS } from '../../iso7816/commands.ts';
import { exchange } from '../../iso7816/exchange.ts';
import { requireOk, STATUS_WORD } from '../../iso7816/status-word.ts';
import { encodeDigestInfo } from '../digest-info.ts';
import type { HpkiLayout } from './files.ts';

const MODULUS_SIZE_BYTES = 256;
const EXTENDED_NE_MAX = 65_536;
const CHAINED_CLASS = 0x10;
const CHAINED_PART_SIZE_BYTES = 128;

/** The block that an HPKI card exponentiates: `00 01 FF … 00 DigestInfo`, 256 bytes, padded outside the card (JAHIS 24-002 C.6.1). */
export function encodeSignatureBlock(digest: Uint8Array): Uint8Array<ArrayBuffer> {
  const digestInfo = encodeDigestInfo(digest);
  const filler = new Uint8Array(MODULUS_SIZE_BYTES - digestInfo.length - 3).fill(0xff);
  return concatBytes(Uint8Array.of(0x00, 0x01), filler, Uint8Array.of(0x00), digestInfo);
}

/**
 * MANAGE SECURITY ENVIRONMENT, then PERFORM SECURITY OPERATION with extended length; when the card refuses that length,
 * or the ENVELOPE in which a reader for short APDUs carries it, once more by command chaining.
 */
export async function signBlock(
  channel: CardChannel,
  key: HpkiLayout['key'],
  block: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const reference = Uint8Array.of(key.tag, 2, key.id >> 8, key.id & 0xff);
  const environment = { cla: 0, ins: INS.MANAGE_SECURITY_ENVIRONMENT, p1: 0x41, p2: 0xb6, data: reference };
  requireOk(await exchange(channel, environment, signal), 'MANAGE SECURITY ENVIRONMENT');
  const operation = { cla: 0, ins: INS.PERFORM_SECURITY_OPERATION, p1: 0x9e, p2: 0x9a };
  const whole = await exchange(channel, { ...operation, data: block, ne: EXTENDED_NE_MAX }, signal);
  const isTooLong = whole.sw === STATUS_WORD.WRONG_LENGTH || whole.sw === STATUS_WORD.INS_UNSUPPORTED;
  const response = isTooLong ? await sendChained(channel, operation, block, signal) : whole;
  return requireOk(response, 'PERFORM SECURITY OPERATION');
}

/** The data in two parts, the first in class 10 (ISO 7816-4 §5.3.3). */
async function sendChained(
  channel: CardChannel,
  operation: CommandApdu,
  block: Uint8Array,
  signal?: AbortSignal,
): Promise<ResponseApdu> {
  const first = { ...operation, cla: CHAINED_CLASS, data: block.subarray(0, CHAINED_PART_SIZE_BYTES) };
  requireOk(await exchange(channel, first, signal), 'PERFORM SECURITY OPERATION, first part');
  const last = { ...operation, data: block.subarray(CHAINED_PART_SIZE_BYTES), ne: MODULUS_SIZE_BYTES };
  return exchange(channel, last, signal);
}
