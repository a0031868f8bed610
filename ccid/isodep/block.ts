import { concatBytes } from '../iso7816/bytes.ts';

/** Blocks of one pair of partners are numbered 0, 1, 0, 1, … */
export type BlockNumber = 0 | 1;

/** One block without CID and NAD, which this side never offers (ISO 14443-4 §7.1). */
export type Block =
  | { readonly kind: 'I'; readonly number: BlockNumber; readonly more: boolean; readonly inf: Uint8Array }
  | { readonly kind: 'R-ACK'; readonly number: BlockNumber }
  | { readonly kind: 'R-NAK'; readonly number: BlockNumber }
  /** `wtxm` multiplies the frame waiting time once; bits 8 and 7, the power level, are kept apart from it. */
  | { readonly kind: 'S-WTX'; readonly wtxm: number; readonly powerLevel: number }
  | { readonly kind: 'S-DESELECT' };

/** Bytes of a block around its information field. */
export const PROLOGUE_LENGTH = 1;

const NOTHING = new Uint8Array();

/** The frame without CRC. @throws {RangeError} when WTXM is not one of 1 to 59 */
export function encodeBlock(block: Block): Uint8Array<ArrayBuffer> {
  switch (block.kind) {
    case 'I':
      return concatBytes(Uint8Array.of(0x02 | (block.more ? 0x10 : 0) | block.number), block.inf);
    case 'R-ACK':
      return Uint8Array.of(0xa2 | block.number);
    case 'R-NAK':
      return Uint8Array.of(0xb2 | block.number);
    case 'S-WTX':
      if (!isWtxm(block.wtxm)) throw new RangeError('WTXM is 1 to 59');
      return Uint8Array.of(0xf2, (block.powerLevel << 6) | block.wtxm);
    case 'S-DESELECT':
      return Uint8Array.of(0xc2);
  }
}

/** @throws {RangeError} when the frame is not a block of §7.1, or one with CID or NAD */
export function parseBlock(frame: Uint8Array): Block {
  const [pcb, second = 0] = frame;
  if (pcb === undefined) throw new RangeError('an empty frame');
  const number: BlockNumber = (pcb & 1) === 1 ? 1 : 0;
  const inf = frame.length > 1 ? frame.subarray(1) : NOTHING;
  if ((pcb & 0xee) === 0x02) return { kind: 'I', number, more: (pcb & 0x10) !== 0, inf };
  if ((pcb & 0xee) === 0xa2 && inf.length === 0) return { kind: (pcb & 0x10) === 0 ? 'R-ACK' : 'R-NAK', number };
  if (pcb === 0xf2 && inf.length === 1 && isWtxm(second & 0x3f))
    return { kind: 'S-WTX', wtxm: second & 0x3f, powerLevel: second >> 6 };
  if (pcb === 0xc2 && inf.length === 0) return { kind: 'S-DESELECT' };
  throw new RangeError('not a block');
}

/** 0 and 60 to 63 are reserved (§7.3). */
function isWtxm(wtxm: number): boolean {
  return Number.isInteger(wtxm) && wtxm >= 1 && wtxm <= 59;
}
