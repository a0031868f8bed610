import type { CcidSlot } from './slot.ts';

/** Largest command a short APDU reader takes: 4 bytes header, Lc, 255 bytes, Le. */
export const SHORT_APDU_MAX = 261;

/** One APDU in one block: what short APDU readers do, and extended ones when it fits (CCID §6.1.4). */
export async function exchangeShortApdu(slot: CcidSlot, command: Uint8Array): Promise<Uint8Array> {
  return (await slot.xfrBlock(command)).abData;
}
