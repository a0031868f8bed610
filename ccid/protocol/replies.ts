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
  return HEADER_LENGTH + new DataView(header.buffer, header.byteOffset, header.length).getUint32(1, true);
}

/** @throws {RangeError} when the bytes are not exactly one message from a reader */
export function parseReply(bytes: Uint8Array): CcidReply {
  if (bytes.length < HEADER_LENGTH) throw new RangeError('a message has at least ten bytes');
  // By index: destructuring walks an iterator, and every command comes along here.
  const at = (index: number): number => bytes[index] ?? 0;
  const [bMessageType, bSlot, bSeq, bStatus, bError, bSpecific] = [at(0), at(5), at(6), at(7), at(8), at(9)];
  if (!isReplyType(bMessageType)) throw new RangeError('not a message from a reader');
  if (messageLength(bytes) !== bytes.length) throw new RangeError('dwLength does not match the length');
  const iccStatus = ICC_STATUS[bStatus & 0x03];
  const commandStatus = COMMAND_STATUS[bStatus >> 6];
  if (iccStatus === undefined || commandStatus === undefined) throw new RangeError('reserved bStatus');
  return {
    bMessageType,
    bSlot,
    bSeq,
    iccStatus,
    commandStatus,
    bError,
    bSpecific,
    abData: bytes.slice(HEADER_LENGTH),
  };
}
