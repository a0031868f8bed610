import { encodeCommand, isExtended, parseCommand } from '../iso7816/apdu.ts';
import { parseShortAnswer, transmitInShortForm } from './short-form.ts';
import type { CcidSlot } from './slot.ts';

/**
 * One APDU at a short APDU reader: as it is when it fits, else in the short form's ways for long commands.
 *
 * @throws {CardError} as {@link CcidSlot.xfrBlock}
 */
export async function exchangeShortApdu(
  slot: CcidSlot,
  command: Uint8Array,
  options: { readonly canChain: boolean },
): Promise<Uint8Array> {
  if (!isExtended(parseCommand(command))) return (await slot.xfrBlock(command)).abData;
  return transmitInShortForm(
    async (part) => parseShortAnswer((await slot.xfrBlock(encodeCommand(part))).abData, part.ne ?? 0),
    command,
    options,
  );
}
