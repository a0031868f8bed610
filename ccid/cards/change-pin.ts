import type { CardChannel } from '../iso7816/card-channel.ts';
import { INS } from '../iso7816/commands.ts';
import { STATUS_WORD, statusError } from '../iso7816/status-word.ts';
import { transmitSecret } from './pin.ts';

/** CHANGE REFERENCE DATA with P1 = 01 sends the new value alone (ISO 7816-4 §7.5.7): the old one was verified before. */
const NEW_VALUE_ONLY = 0x01;

/**
 * Sets a new PIN after a successful VERIFY, sent once. `newPin` belongs to the caller, who wipes it.
 *
 * @throws {CardError} `not_permitted` without the VERIFY, `wrong_data` when the card does not like the value
 */
export async function changePin(
  channel: CardChannel,
  reference: number,
  newPin: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const command = { cla: 0, ins: INS.CHANGE_REFERENCE_DATA, p1: NEW_VALUE_ONLY, p2: reference, data: newPin };
  const sw = await transmitSecret(channel, command, signal);
  if (sw !== STATUS_WORD.OK) throw statusError(sw, 'CHANGE REFERENCE DATA');
}
