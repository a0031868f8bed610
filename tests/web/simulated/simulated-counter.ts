import * as simulation from 'webusb-ccid/simulated';
import type { HpkiPersonalisation, MyNumberPersonalisation } from 'webusb-ccid/simulated';
import hpkiCard from '../../../ccid/simulated/test-cards/hpki-card.json' with { type: 'json' };
import myNumberCard from '../../../ccid/simulated/test-cards/my-number-card.json' with { type: 'json' };
import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';
import { CardReader } from '#lib/reader.svelte.ts';
import { SimulatedDesk } from '#lib/simulated/desk.svelte.ts';
import { createMemoryPreferences } from '../kept-in-memory.ts';

// JSON modules widen literals; the simulated card reads them as its issuer wrote them.
export const MY_NUMBER_CARD = myNumberCard as MyNumberPersonalisation;
export const HPKI_CARD = hpkiCard as HpkiPersonalisation;

/** A reader with a simulated bus behind it, as the app starts it in the demonstration, and the cards to lay on it. */
export async function openCounter(memory: PreferenceStore = createMemoryPreferences()) {
  const reader = new CardReader({
    loadDriver: () => import('webusb-ccid'),
    places: {},
    preferences: createMemoryPreferences(),
    now: () => new Date('2026-11-22T03:00:00Z'),
  });
  const simulated = await reader.startSimulation('Simulated');
  const desk = new SimulatedDesk({ simulation, reader: simulated, cards: [MY_NUMBER_CARD, HPKI_CARD], memory });
  reader.onCard((state) => {
    if (state === 'absent') desk.noticeAbsent();
  });
  await chosen(reader);
  return { reader, desk };
}

/** Until the bus has told of its reader: a few turns of the event loop. */
async function chosen(reader: CardReader): Promise<void> {
  while (!reader.chosen) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** The next change of the card on the reader. */
export const nextCard = (reader: CardReader) =>
  new Promise<string>((resolve) => {
    const stop = reader.onCard((state) => {
      stop();
      resolve(state);
    });
  });
