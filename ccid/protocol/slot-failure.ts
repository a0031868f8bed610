import { CardError, type CardErrorCode } from '../errors.ts';
import type { CcidReply } from './replies.ts';

/** bError of a failed command (CCID §6.2.6, table 6.2-2). */
export const SLOT_ERROR = {
  COMMAND_NOT_SUPPORTED: 0x00,
  BAD_SLOT: 0x05,
  CMD_SLOT_BUSY: 0xe0,
  PIN_CANCELLED: 0xef,
  PIN_TIMEOUT: 0xf0,
  BUSY_WITH_AUTO_SEQUENCE: 0xf2,
  DEACTIVATED_PROTOCOL: 0xf3,
  PROCEDURE_BYTE_CONFLICT: 0xf4,
  ICC_CLASS_NOT_SUPPORTED: 0xf5,
  ICC_PROTOCOL_NOT_SUPPORTED: 0xf6,
  BAD_ATR_TCK: 0xf7,
  BAD_ATR_TS: 0xf8,
  HW_ERROR: 0xfb,
  XFR_OVERRUN: 0xfc,
  XFR_PARITY_ERROR: 0xfd,
  ICC_MUTE: 0xfe,
  CMD_ABORTED: 0xff,
} as const;

/** Gemplus' own bError: the reader checks the ATR by the rules of payment cards. */
export const PROTOCOL_ERROR_IN_EMV_MODE = 0xbb;

const DETAIL = new Map<number, string>([
  [SLOT_ERROR.COMMAND_NOT_SUPPORTED, 'the reader does not support the command'],
  [SLOT_ERROR.BAD_SLOT, 'no such slot'],
  [SLOT_ERROR.CMD_SLOT_BUSY, 'the slot is busy with another command'],
  [SLOT_ERROR.PIN_CANCELLED, 'PIN entry was cancelled'],
  [SLOT_ERROR.PIN_TIMEOUT, 'PIN entry took too long'],
  [SLOT_ERROR.BUSY_WITH_AUTO_SEQUENCE, 'the reader is busy with an automatic sequence'],
  [SLOT_ERROR.DEACTIVATED_PROTOCOL, 'the protocol is deactivated'],
  [SLOT_ERROR.PROCEDURE_BYTE_CONFLICT, 'the card sent a procedure byte that does not exist'],
  [SLOT_ERROR.ICC_CLASS_NOT_SUPPORTED, 'the supply voltage is not supported'],
  [SLOT_ERROR.ICC_PROTOCOL_NOT_SUPPORTED, 'the protocol is not supported'],
  [SLOT_ERROR.BAD_ATR_TCK, 'the ATR has a wrong check byte'],
  [SLOT_ERROR.BAD_ATR_TS, 'the ATR has a wrong first byte'],
  [SLOT_ERROR.HW_ERROR, 'hardware error'],
  [SLOT_ERROR.XFR_OVERRUN, 'the card sent faster than the reader reads'],
  [SLOT_ERROR.XFR_PARITY_ERROR, 'parity error'],
  [SLOT_ERROR.ICC_MUTE, 'the card does not answer'],
  [SLOT_ERROR.CMD_ABORTED, 'the command was aborted'],
  // Vendor values that readers in the field are known to send.
  [0xa2, 'the card is short-circuited'],
  [0xa3, 'the ATR is longer than 33 bytes'],
  [0xb0, 'the message is too long for EMV mode'],
  [PROTOCOL_ERROR_IN_EMV_MODE, 'protocol error in EMV mode'],
  [0xbd, 'T=1 exchange error'],
  [0xbe, 'wrong APDU length'],
]);

/** bError in words, for traces and messages. */
export function describeSlotError(bError: number): string {
  if (bError >= 1 && bError <= 0x7f && bError !== SLOT_ERROR.BAD_SLOT) return `bad header byte ${bError}`;
  return DETAIL.get(bError) ?? `reader error ${bError.toString(16).padStart(2, '0')}`;
}

/** What went wrong between reader and card, where T=1 can ask again. */
export type LineFailure = 'parity-error' | 'mute';

/** A failed command; `lineFailure` is set when the card is still there and only the transmission failed. */
export class SlotFailure extends CardError {
  readonly lineFailure: LineFailure | undefined;

  constructor(code: CardErrorCode, detail: string, lineFailure?: LineFailure) {
    super(code, detail);
    this.lineFailure = lineFailure;
  }
}

/** A failed reply as this library reports it. During power-on an empty slot is `card_absent`, later it is `card_gone`. */
export function slotFailure(reply: CcidReply, during: 'power-on' | 'exchange'): SlotFailure {
  const isExchange = during === 'exchange';
  if (reply.iccStatus === 'absent')
    return isExchange
      ? new SlotFailure('card_gone', 'the card was taken away')
      : new SlotFailure('card_absent', 'no card in the slot');
  // A card that lost its power was pulled and put back meanwhile.
  if (reply.iccStatus === 'inactive' && isExchange) return new SlotFailure('card_gone', 'the card lost its power');
  const detail = describeSlotError(reply.bError);
  switch (reply.bError) {
    case SLOT_ERROR.ICC_MUTE:
      return new SlotFailure('card_mute', detail, 'mute');
    case SLOT_ERROR.BAD_ATR_TCK:
    case SLOT_ERROR.BAD_ATR_TS:
    case SLOT_ERROR.ICC_CLASS_NOT_SUPPORTED:
    case SLOT_ERROR.ICC_PROTOCOL_NOT_SUPPORTED:
      return new SlotFailure('card_unsupported', detail);
    case SLOT_ERROR.XFR_OVERRUN:
    case SLOT_ERROR.XFR_PARITY_ERROR:
      return new SlotFailure('protocol_error', detail, 'parity-error');
    case SLOT_ERROR.PROCEDURE_BYTE_CONFLICT:
      return new SlotFailure('protocol_error', detail);
    case SLOT_ERROR.CMD_ABORTED:
    case SLOT_ERROR.PIN_CANCELLED:
      return new SlotFailure('aborted', detail);
    case SLOT_ERROR.PIN_TIMEOUT:
      return new SlotFailure('timeout', detail);
    default:
      return new SlotFailure('reader_fault', detail);
  }
}
