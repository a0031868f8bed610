import { enrolTap } from 'webusb-ccid/mynumber';
import { createSimulatedCard, type MyNumberPersonalisation } from 'webusb-ccid/simulated';
import { encodeBase64, encodeUtf8, parseBase64Url } from '../contract/encoding.ts';
import { EnrolmentChallenge, encodeEnrolmentContext } from '../contract/enrolment.ts';
import { EnrolmentOutcome } from '../contract/exchange-api.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';

/** Cards that a demonstration finds enrolled: of everybody but those whose case is that they are not. */
export function cardsToEnrol(world: SyntheticWorld): readonly MyNumberPersonalisation[] {
  const enrolled = world.people.filter(({ trait }) => trait === 'ordinary' || trait === 'insurance_expired');
  return world.cards.mynumber.filter(({ id }) => enrolled.some(({ cardId }) => cardId === id));
}

/**
 * Enrols one card at one exchange as a clerk would, by the protocol itself (E1 to E10): the card's two signatures, PIN
 * and all. The client calls in the name of an institution behind that exchange.
 *
 * @throws {Problem} the exchange's refusal
 * @throws {CardError}
 */
export async function enrolCard(card: MyNumberPersonalisation, exchange: ExchangeClient): Promise<EnrolmentOutcome> {
  const simulated = createSimulatedCard(card);
  const issued = await exchange.post('/api/enrolments/challenges', undefined, EnrolmentChallenge);
  const contact = await enrolTap(
    { transmit: (command) => simulated.process(command) },
    {
      challenge: parseBase64Url(issued.challenge),
      context: encodeEnrolmentContext(issued),
      authPin: encodeUtf8(card.authPin),
      textPin: encodeUtf8(card.textPin),
    },
  );
  const submission = {
    challenge: issued.challenge,
    certificate: encodeBase64(contact.certificate),
    authSignature: encodeBase64(contact.authSignature),
    textKeyRecord: encodeBase64(contact.textKeyRecord),
    textCvc: encodeBase64(contact.textCvc),
    textSignature: encodeBase64(contact.textSignature),
  };
  return exchange.post('/api/enrolments', submission, EnrolmentOutcome);
}
