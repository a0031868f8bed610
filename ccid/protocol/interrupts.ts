/** A message from the interrupt endpoint (CCID §6.3). */
export type CcidInterrupt =
  | {
      readonly kind: 'slot-change';
      /** One entry a slot that the bitmap reaches; it may reach past the last slot of the reader. */
      readonly slots: readonly { readonly isPresent: boolean; readonly hasChanged: boolean }[];
    }
  | { readonly kind: 'hardware-error'; readonly bSlot: number; readonly bSeq: number; readonly isOverCurrent: boolean };

const NOTIFY_SLOT_CHANGE = 0x50;
const HARDWARE_ERROR = 0x51;

/** @throws {RangeError} when the bytes are neither of the two messages */
export function parseInterrupt(bytes: Uint8Array): CcidInterrupt {
  const [bMessageType, ...rest] = bytes;
  if (bMessageType === NOTIFY_SLOT_CHANGE && rest.length > 0) {
    const slots = rest.flatMap((byte) =>
      [0, 2, 4, 6].map((shift) => ({
        isPresent: ((byte >> shift) & 1) === 1,
        hasChanged: ((byte >> shift) & 2) === 2,
      })),
    );
    return { kind: 'slot-change', slots };
  }
  const [bSlot, bSeq, bHardwareErrorCode] = rest;
  if (bMessageType === HARDWARE_ERROR && bSlot !== undefined && bSeq !== undefined && bHardwareErrorCode !== undefined)
    return { kind: 'hardware-error', bSlot, bSeq, isOverCurrent: (bHardwareErrorCode & 1) === 1 };
  throw new RangeError('not an interrupt message');
}
