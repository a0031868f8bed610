import { existsSync, renameSync, writeFileSync } from 'node:fs';
import type { SimulatedCard } from '../simulated/card.ts';
import type { CardState } from '../simulated/card-os/pin-memory.ts';
import type { CardPersonalisation } from '../simulated/personalisation.ts';
import { createSimulatedCard } from '../simulated/simulated-card.ts';
import { readJson } from './read-json.ts';

/**
 * A card whose retry counters are in a file before its answer leaves it, as on a real one: pulling it out does not give a
 * try back. The file is written beside and moved, so that it is never half there.
 *
 * @throws {RangeError} when there is a file that is no JSON
 */
export function createKeptCard(personalisation: CardPersonalisation, path: string): SimulatedCard {
  const saved = existsSync(path) ? (readJson(path) as CardState) : undefined;
  const card = createSimulatedCard(personalisation, saved);
  let kept = JSON.stringify(card.saveState());
  return {
    atr: card.atr,
    reset: () => card.reset(),
    async process(command) {
      const answer = await card.process(command);
      const state = JSON.stringify(card.saveState());
      if (state !== kept) {
        writeFileSync(`${path}.new`, state);
        renameSync(`${path}.new`, path);
        kept = state;
      }
      return answer;
    },
  };
}
