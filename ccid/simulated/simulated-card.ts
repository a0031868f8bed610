import { createCardOs, type StatefulCard } from './card-os/card-os.ts';
import type { CardDefinition } from './card-os/definition.ts';
import type { CardState } from './card-os/pin-memory.ts';
import type { FillRandom } from './card-os/session.ts';
import { defineForeignCard } from './cards/foreign-card.ts';
import { defineHpkiCard } from './cards/hpki-card.ts';
import { defineMyNumberCard } from './cards/my-number-card.ts';
import type { CardPersonalisation } from './personalisation.ts';

/**
 * A simulated card as its issuer made it, or as an earlier one of the same personalisation was left: with a saved state
 * a blocked PIN stays blocked.
 *
 * @param fillRandom for challenges and salts; the platform's generator when left out
 */
export function createSimulatedCard(
  personalisation: CardPersonalisation,
  savedState?: CardState,
  fillRandom: FillRandom = (bytes) => crypto.getRandomValues(bytes),
): StatefulCard {
  return createCardOs(define(personalisation), savedState, fillRandom);
}

function define(personalisation: CardPersonalisation): CardDefinition {
  switch (personalisation.profile) {
    case 'mynumber':
      return defineMyNumberCard(personalisation);
    case 'hpki':
      return defineHpkiCard(personalisation);
    case 'foreign':
      return defineForeignCard(personalisation);
  }
}
