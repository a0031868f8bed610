import * as z from 'zod';
import type { CardPersonalisation } from 'webusb-ccid/simulated';

/** Why a synthetic card is in the tray: what its holder's case shows. */
export const CARD_NOTES = [
  'insurance_expired',
  'certificate_revoked',
  'card_not_enrolled',
  'doctor',
  'pharmacist',
  'nurse',
] as const;
export type CardNote = (typeof CARD_NOTES)[number];

/** A synthetic card as the demo gateway offers it. */
export type DemoCard = CardPersonalisation & { readonly note?: CardNote | undefined };

const Card = z.looseObject({
  profile: z.enum(['mynumber', 'hpki', 'foreign']),
  id: z.string(),
  label: z.string(),
  note: z.enum(CARD_NOTES).optional().catch(undefined),
});

const Cards = z.object({ cards: z.array(Card) });

/**
 * The cards of `/demo/cards.json`. Only the members that menus show are checked: the rest is read by the simulated card,
 * which plays the issuer's part and trusts its issuer.
 *
 * @throws {z.ZodError}
 */
export const parseDemoCards = (json: unknown): readonly DemoCard[] =>
  Cards.parse(json).cards as unknown as readonly DemoCard[];
