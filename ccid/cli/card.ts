/**
 * Offers a simulated card to vsmartcard's virtual reader, or with `--qemu` to QEMU's, until it is interrupted:
 * `card.ts [--profile mynumber|hpki|foreign] [--card personalisation.json] [--state state.json]
 * [--host …] [--port …] [--qemu socket]`
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CardError } from '../errors.ts';
import type { CardPersonalisation } from '../simulated/personalisation.ts';
import { createSimulatedCard } from '../simulated/simulated-card.ts';
import { createKeptCard } from './kept-card.ts';
import { offerToQemu, offerToVpcd, VPCD_PORT } from './offer-card.ts';

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
    qemu: { type: 'string' },
  },
});

function readPersonalisation(): CardPersonalisation {
  const name = TEST_CARDS[values.profile];
  if (!values.card && !name) throw new RangeError(`--profile is one of ${Object.keys(TEST_CARDS).join(', ')}`);
  const file = values.card ?? new URL(`../simulated/test-cards/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as CardPersonalisation;
}

try {
  const personalisation = readPersonalisation();
  const { host, port, qemu, state } = values;
  const card = state ? createKeptCard(personalisation, state) : createSimulatedCard(personalisation);
  const offered = qemu ? await offerToQemu(card, qemu) : await offerToVpcd(card, host, Number(port));
  const where = qemu ?? `${host}:${port}`;
  console.log(`${personalisation.label} (${personalisation.profile}, simulated) lies on ${where}`);
  process.once('SIGINT', () => offered.remove());
  process.once('SIGTERM', () => offered.remove());
  await offered.removed;
} catch (error) {
  const isExpected = error instanceof CardError || error instanceof RangeError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
