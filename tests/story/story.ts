import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startNetwork } from '#api/demo/network.ts';
import { SYNTHETIC_PINS } from '#api/synthetic/cards/my-number-card.ts';
import { fullName } from '#api/synthetic/people/person.ts';
import { readOrExplain } from '../run/read-or-explain.ts';
import { openStation } from './station.ts';
import { askHistory } from './steps/history.ts';
import { registerResults } from './steps/records.ts';
import { releaseResults } from './steps/release.ts';
import { requestResults } from './steps/request.ts';
import { takeVisit } from './steps/visit.ts';
import { verifyOffline } from './steps/verify.ts';
import { searchStores } from './steps/who-read-what.ts';
import { createTranscript } from './transcript.ts';

const USAGE = `npm run story — the seven steps without a browser, over real HTTP, with simulated cards on a simulated USB reader

  -- --out DIR   where the artefacts go (default: data/story)

Exit code 1 if any step fails.`;

const { values } = readOrExplain(
  () => parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } }),
  USAGE,
);
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const out = values.out ?? join('data', 'story');
const dataDirectory = await mkdtemp(join(tmpdir(), 'tsunagi-story-'));
const network = await startNetwork({ dataDirectory, inProcess: true });
try {
  await tell();
} catch (error) {
  console.error(`\nThe story broke: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await network.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

async function tell(): Promise<void> {
  const { world, origins } = network;
  const transcript = createTranscript(out, (line) => console.log(line));
  const patient = world.cards.mynumber[0]!;
  const doctor = { card: world.cards.hpki[0]!, pin: SYNTHETIC_PINS.hpkiPin };
  const a = await openStation(origins['gateway-a'], 'story, reception at A');
  const b = await openStation(origins['gateway-b'], 'story, consultation at B');
  try {
    console.log('Everyone here is synthetic; cards, reader, payer and certification authorities are simulated.');
    transcript.step(1, 'Visit at A: the card signs without a PIN, the payer is asked, the visit is recorded');
    const visit = await takeVisit(a, patient, transcript, '1-visit-a');
    transcript.step(2, 'The record is in the log: its receipt verifies with published keys alone');
    await verifyOffline(a, visit, transcript);
    transcript.step(3, 'A registers results');
    await registerResults(a, visit, world, transcript);
    transcript.step(4, 'The patient moves, and visits B in another network');
    await takeVisit(b, patient, transcript, '4-visit-b');
    transcript.step(5, 'Consent by card, history from both exchanges');
    const history = await askHistory(b, patient, transcript);
    transcript.step(6, 'The doctor at B asks A, through WEST and EAST');
    const sent = await requestResults(b, history, doctor, world.institutions.a.id, transcript);
    transcript.step(7, 'A checks and releases; B reads; A keeps the log');
    await releaseResults(a, b, sent, transcript);
    console.log('\nWhat each party stored (plain text searched in every file of its database)');
    searchStores(dataDirectory, [fullName(world.people[0]!), 'HbA1c(NGSP)', 'LDLコレステロール'], transcript);
    console.log(`\nThe story holds. Artefacts: ${out}`);
  } finally {
    await a.close();
    await b.close();
  }
}
