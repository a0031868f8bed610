import { CardError } from '../errors.ts';
import type { CommandApdu } from '../iso7816/apdu.ts';
import type { CardChannel } from '../iso7816/card-channel.ts';
import { exchange } from '../iso7816/exchange.ts';
import { STATUS_WORD } from '../iso7816/status-word.ts';

/**
 * Selects an application by its whole name; any security status of the card ends. What the card is, this alone decides:
 * an ATR proves nothing.
 *
 * @param select SELECT by name, in the form that the card's specification has
 * @throws {CardError} `not_this_card` whatever other status word the card gives
 */
export async function selectCardApplication(
  channel: CardChannel,
  select: CommandApdu,
  signal?: AbortSignal,
): Promise<void> {
  const { sw } = await exchange(channel, select, signal);
  if (sw !== STATUS_WORD.OK) throw new CardError('not_this_card', 'the application is not there', { statusWord: sw });
}
