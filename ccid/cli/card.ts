/**
 * Offers a simulated card to vsmartcard's virtual reader until it is interrupted:
 * `card.ts [--profile mynumber|hpki|foreign] [--card personalisation.json] [--state state.json] [--host …] [--port …]`
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CardError } from '../errors.ts';
import type { SimulatedCard } from '../simulated/card.ts';
import type { CardState } from '../simulated/card-os/pin-memory.ts';
import type { CardPersonalisation } from '../simulated/personalisation.ts';
import { createSimulatedCard } from '../simulated/simulated-card.ts';
import { offerCard, VPCD_PORT } from './offer-card.ts';

const TEST_CARDS: Readonly<Record<string, string>> = {
  mynumber: 'my-number-card.json',
  hpki: 'hpki-card.json',
  foreign: 'foreign-card.json',
};

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'mynumber' },
    card: { type: 'string' },
    state: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: String(VPCD_PORT) },
  },
});

function readPersonalisation(): CardPersonalisation {
  const name = TEST_CARDS[values.profile];
  if (!values.card && !name) throw new RangeError(`--profile is one of ${Object.keys(TEST_CARDS).join(', ')}`);
  const file = values.card ?? new URL(`../simulated/test-cards/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as CardPersonalisation;
}

/** A card whose retry counters are on disk before its answer leaves it, as on a real one. */
function createKeptCard(personalisation: CardPersonalisation, path: string | undefined): SimulatedCard {
  const saved = path && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as CardState) : undefined;
  const card = createSimulatedCard(personalisation, saved);
  if (!path) return card;
  return {
    atr: card.atr,
    reset: () => card.reset(),
    async process(command) {
      const answer = await card.process(command);
      writeFileSync(path, JSON.stringify(card.saveState()));
      return answer;
    },
  };
}

try {
  const personalisation = readPersonalisation();
  const card = createKeptCard(personalisation, values.state);
  const offered = await offerCard(card, values.host, Number(values.port));
  console.log(`${personalisation.label} (${personalisation.profile}, simulated) lies on ${values.host}:${values.port}`);
  process.once('SIGINT', () => offered.remove());
  process.once('SIGTERM', () => offered.remove());
  await offered.removed;
} catch (error) {
  const isExpected = error instanceof CardError || error instanceof RangeError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
