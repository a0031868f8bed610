/** Offers a simulated card to vsmartcard's virtual reader, or with `--qemu` to QEMU's, until it is interrupted. */
import { parseArgs } from 'node:util';
import { CardError } from '../errors.ts';
import type { CardPersonalisation } from '../simulated/personalisation.ts';
import { createSimulatedCard } from '../simulated/simulated-card.ts';
import { createKeptCard } from './kept-card.ts';
import { offerToQemu, offerToVpcd, VPCD_PORT } from './offer-card.ts';
import { readJson } from './read-json.ts';

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

const profiles = (): string => Object.keys(TEST_CARDS).join(', ');

/** @throws {RangeError} no such profile, or no such card */
function readPersonalisation(values: Values): CardPersonalisation {
  const name = TEST_CARDS[values.profile];
  if (!values.card && !name) throw new RangeError(`--profile is one of ${profiles()}`);
  const file = values.card ?? new URL(`../simulated/test-cards/${name}`, import.meta.url);
  const card = readJson(file);
  if (!isPersonalisation(card)) throw new RangeError(`${String(file)} has none of the profiles ${profiles()}`);
  return card;
}

/** Whose card it is; that everything is on it, the card finds out when it is made. */
const isPersonalisation = (json: unknown): json is CardPersonalisation =>
  typeof json === 'object' && json !== null && 'profile' in json && String(json.profile) in TEST_CARDS;

/** @throws {RangeError} when it is none */
function portOf({ port }: Values): number {
  const number = Number(port);
  if (!(Number.isInteger(number) && number > 0 && number < 65_536)) throw new RangeError('--port is 1 to 65535');
  return number;
}

async function offer(values: Values): Promise<void> {
  const personalisation = readPersonalisation(values);
  const { host, qemu, state } = values;
  const port = portOf(values);
  const card = state ? createKeptCard(personalisation, state) : createSimulatedCard(personalisation);
  const offered = qemu ? await offerToQemu(card, qemu) : await offerToVpcd(card, host, port);
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
  if (error instanceof CardError && error.code === 'reader_gone')
    console.error("  vsmartcard's reader comes with pcscd: sudo apt install vsmartcard-vpcd pcscd, then start pcscd");
  process.exitCode = 1;
}
