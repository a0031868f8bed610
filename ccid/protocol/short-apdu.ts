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
  const transfer = async (apdu: Uint8Array): Promise<Uint8Array> => (await slot.xfrBlock(apdu)).abData;
  if (!isExtended(parseCommand(command))) return transfer(command);
  return transmitInShortForm(
    async (part) => parseShortAnswer(await transfer(encodeCommand(part)), part.ne ?? 0),
    command,
    options,
  );
}
