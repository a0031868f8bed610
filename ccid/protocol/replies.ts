import { HEADER_LENGTH, RDR_TO_PC, type ReplyType } from './message-types.ts';

/** What the card in the slot is doing: bits 0 and 1 of bStatus (CCID §6.2.6). */
export type IccStatus = 'active' | 'inactive' | 'absent';

/** One bulk-in message (CCID §6.2). */
export interface CcidReply {
  readonly bMessageType: ReplyType;
  readonly bSlot: number;
  readonly bSeq: number;
  readonly iccStatus: IccStatus;
  readonly commandStatus: 'processed' | 'failed' | 'time-extension';
  /** Reason of a failure, or the multiplier of a time extension. */
  readonly bError: number;
  /** Byte 9: bChainParameter, bClockStatus or bProtocolNum. */
  readonly bSpecific: number;
  /** A part of the message, not a copy. */
  readonly abData: Uint8Array;
}

const REPLY_TYPES: ReadonlySet<number> = new Set(Object.values(RDR_TO_PC));

function isReplyType(code: number): code is ReplyType {
  return REPLY_TYPES.has(code);
}

const ICC_STATUS = ['active', 'inactive', 'absent'] as const;
const COMMAND_STATUS = ['processed', 'failed', 'time-extension'] as const;

/** Length of the whole message that begins with these ten bytes; they may be anything. */
export function messageLength(header: Uint8Array): number {
  // dwLength, little-endian and unsigned; by hand because a DataView is dear and every reply comes along here.
  const low = byteAt(header, 1) | (byteAt(header, 2) << 8);
  const high = byteAt(header, 3) | (byteAt(header, 4) << 8);
  return HEADER_LENGTH + high * 0x1_0000 + low;
}

/** @throws {RangeError} when the bytes are not exactly one message from a reader */
export function parseReply(bytes: Uint8Array): CcidReply {
  if (bytes.length < HEADER_LENGTH) throw new RangeError('a message has at least ten bytes');
  const bMessageType = byteAt(bytes, 0);
  const bStatus = byteAt(bytes, 7);
  if (!isReplyType(bMessageType)) throw new RangeError('not a message from a reader');
  if (messageLength(bytes) !== bytes.length) throw new RangeError('dwLength does not match the length');
  const iccStatus = ICC_STATUS[bStatus & 0x03];
  const commandStatus = COMMAND_STATUS[bStatus >> 6];
  if (iccStatus === undefined || commandStatus === undefined) throw new RangeError('reserved bStatus');
  return {
    bMessageType,
    bSlot: byteAt(bytes, 5),
    bSeq: byteAt(bytes, 6),
    iccStatus,
    commandStatus,
    bError: byteAt(bytes, 8),
    bSpecific: byteAt(bytes, 9),
    abData: bytes.subarray(HEADER_LENGTH),
  };
}

/** Zero behind the end, which callers have looked for. */
function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
