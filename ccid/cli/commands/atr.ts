import { encodeHex } from '../../iso7816/bytes.ts';
import type { CliBus } from '../bus.ts';
import { withCard, type CardChoice } from '../card-session.ts';
import { sayAll, type Page } from '../page.ts';
import { describeAtr } from '../words/atr-words.ts';

/** `atr`: what the card says of itself when it gets power. */
export function runAtr(bus: CliBus, choice: CardChoice, page: Page, signal: AbortSignal): Promise<boolean> {
  return withCard(bus, choice, page, signal, (card, reader) => {
    const words = describeAtr(card.atr);
    page.say(encodeHex(card.atr));
    sayAll(page, words);
    page.tell({ kind: 'atr', reader: reader.name, atr: encodeHex(card.atr), words: Object.fromEntries(words) });
    return Promise.resolve(true);
  });
}
