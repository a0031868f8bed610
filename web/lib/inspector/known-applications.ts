import { type CardChannel, CardError, exchange, parseHex, selectApplication } from 'webusb-ccid';

/** Applications of other cards that are recognised by their registered names. Nothing of them is read. */
export const KNOWN_APPLICATIONS = ['drivingLicence', 'passport', 'payment'] as const;
export type KnownApplication = (typeof KNOWN_APPLICATIONS)[number];

/** National Police Agency IC licence specification · ICAO 9303-10 · EMV Contactless Book B (PPSE). */
const NAMES: Readonly<Record<KnownApplication, Uint8Array>> = {
  drivingLicence: parseHex('A0 00 00 02 31 01 00 00 00 00 00 00 00 00 00 00'),
  passport: parseHex('A0 00 00 02 47 10 01'),
  payment: new TextEncoder().encode('2PAY.SYS.DDF01'),
};

/** The first of them that answers; a guess by ATR would prove nothing. */
export async function findKnownApplication(
  channel: CardChannel,
  signal?: AbortSignal,
): Promise<KnownApplication | undefined> {
  for (const name of KNOWN_APPLICATIONS) {
    try {
      const { sw } = await exchange(channel, selectApplication(NAMES[name]), signal);
      if (sw === 0x9000) return name;
    } catch (error) {
      // An answer that makes no sense to us is this card's way of not having it; a card that is gone is not.
      if (!(error instanceof CardError) || error.statusWord === undefined) throw error;
    }
  }
  return undefined;
}
