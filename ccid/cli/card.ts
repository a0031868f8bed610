/** Offers a simulated card to vsmartcard's virtual reader, or with `--qemu` to QEMU's, until it is interrupted. */
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

const USAGE = `npm run card -- [options]

Lays a simulated card on a virtual reader, so that every PC/SC program sees it, until Ctrl-C takes it away.

  --profile NAME   ${Object.keys(TEST_CARDS).join(', ')}; mynumber when left out
  --card FILE      another card: a personalisation as JSON
  --state FILE     keeps the card's retry counters, so that a blocked PIN stays blocked
  --host HOST      where vsmartcard's vpcd listens; 127.0.0.1 when left out
  --port PORT      ${VPCD_PORT} when left out
  --qemu SOCKET    the socket of QEMU's ccid-card-passthru instead
  --help           this text
`;

type Values = ReturnType<typeof parseCommand>;

/** @throws {TypeError} an option that is not there */
function parseCommand() {
  return parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      profile: { type: 'string', default: 'mynumber' },
      card: { type: 'string' },
      state: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: String(VPCD_PORT) },
      qemu: { type: 'string' },
    },
  }).values;
}

function readPersonalisation(values: Values): CardPersonalisation {
  const name = TEST_CARDS[values.profile];
  if (!values.card && !name) throw new RangeError(`--profile is one of ${Object.keys(TEST_CARDS).join(', ')}`);
  const file = values.card ?? new URL(`../simulated/test-cards/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as CardPersonalisation;
}

async function offer(values: Values): Promise<void> {
  const personalisation = readPersonalisation(values);
  const { host, port, qemu, state } = values;
  const card = state ? createKeptCard(personalisation, state) : createSimulatedCard(personalisation);
  const offered = qemu ? await offerToQemu(card, qemu) : await offerToVpcd(card, host, Number(port));
  const where = qemu ?? `${host}:${port}`;
  console.log(`${personalisation.label} (${personalisation.profile}, simulated) lies on ${where}`);
  process.once('SIGINT', () => offered.remove());
  process.once('SIGTERM', () => offered.remove());
  await offered.removed;
}

try {
  const values = parseCommand();
  if (values.help) console.log(USAGE);
  else await offer(values);
} catch (error) {
  // parseArgs says with a TypeError what it does not know.
  const isExpected = error instanceof CardError || error instanceof RangeError || error instanceof TypeError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
