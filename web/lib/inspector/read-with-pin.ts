import type { CardChannel } from 'webusb-ccid';
import { parseMyNumber, parseTextAttributes, selectText, type TextAttributes } from 'webusb-ccid/mynumber';

/** What the text application shows to whoever knows its PIN. */
export type PinReading = 'attributes' | 'myNumber';
export type PinResult =
  | { readonly kind: 'attributes'; readonly attributes: TextAttributes }
  | { readonly kind: 'myNumber'; readonly number: string };

/**
 * Verifies the text application's PIN once and reads the one thing that was asked for. The PIN is wiped, whatever
 * happens.
 *
 * @throws {CardError} `pin_wrong`, `pin_blocked`, `pin_last_attempt`, …
 */
export async function readWithPin(
  channel: CardChannel,
  what: PinReading,
  pin: Uint8Array,
  { allowLastAttempt = false }: { readonly allowLastAttempt?: boolean } = {},
): Promise<PinResult> {
  try {
    const text = await selectText(channel);
    await text.verify('pin', pin, { allowLastAttempt });
    if (what === 'attributes') {
      return { kind: 'attributes', attributes: parseTextAttributes(await text.readRecord('attributes')) };
    }
    const file = await text.readMyNumberFile();
    try {
      return { kind: 'myNumber', number: parseMyNumber(file) };
    } finally {
      file.fill(0);
    }
  } finally {
    pin.fill(0);
  }
}
