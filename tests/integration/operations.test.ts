import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Health } from '#api/contract/health.ts';
import { openOperatorClient } from '#api/demo/operator.ts';
import { PeerDiagnosis } from '#api/contract/operator-api.ts';
import { startNetwork, type DemoNetwork } from '#api/demo/network.ts';
import type { LogEntry } from '#api/operations/request-log.ts';
import { SYNTHETIC_PINS } from '#api/synthetic/cards/my-number-card.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { openStation } from '../story/station.ts';
import { askHistory } from '../story/steps/history.ts';
import { registerResults } from '../story/steps/records.ts';
import { releaseResults } from '../story/steps/release.ts';
import { requestResults } from '../story/steps/request.ts';
import { takeVisit } from '../story/steps/visit.ts';
import { createTranscript } from '../story/transcript.ts';
import { readVisitRecord } from '#api/contract/visit-record.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-operations-'));
const lines: LogEntry[] = [];
let network: DemoNetwork;
/** What no log and no metric may hold. */
const personal = new Set<string>();

/** The whole story, with what the servers logged meanwhile. */
beforeAll(async () => {
  const surroundings = () => ({ log: (entry: LogEntry) => void lines.push(entry), report: () => {} });
  network = await startNetwork({ dataDirectory, inProcess: true, surroundings });
  const { origins, world } = network;
  const transcript = createTranscript(join(dataDirectory, 'story'), () => {});
  const patient = world.cards.mynumber[0]!;
  const a = await openStation(origins['gateway-a'], 'Reception');
  const b = await openStation(origins['gateway-b'], 'Consultation');
  const visit = await takeVisit(a, patient, transcript, 'a');
  await registerResults(a, visit, world, transcript);
  await takeVisit(b, patient, transcript, 'b');
  const history = await askHistory(b, patient, transcript);
  const doctor = { card: world.cards.hpki[0]!, pin: SYNTHETIC_PINS.hpkiPin };
  const sent = await requestResults(b, history, doctor, world.institutions.a.id, transcript);
  await releaseResults(a, b, sent, transcript);
  // A refusal and an address that does not exist are logged too.
  await fetch(`${origins['gateway-a']}/api/visits/${visit.submissionId}?name=${encodeURIComponent('花子')}`);
  await fetch(`${origins.east}/api/${patient.id}/nowhere`);
  await Promise.all([a.close(), b.close()]);

  for (const person of world.people) {
    const { family, given } = person.name;
    for (const part of [family, given]) personal.add(part.kanji).add(part.kana);
    personal.add(person.birthDate);
  }
  personal.add(readVisitRecord(visit.record!).subject).add(visit.submissionId).add(visit.visitId).add(patient.id);
  for (const text of ['HbA1c', '花子', a.terminal.kid, b.terminal.kid]) personal.add(text);
}, WORLD_TIMEOUT_MS);
afterAll(async () => {
  await network.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const readMetrics = async (origin: string, token = readFileSync(join(dataDirectory, 'keys/metrics-token'), 'utf8')) =>
  fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } });

describe('the log', () => {
  it('says what was answered, by the pattern of the route', () => {
    const answers = lines.filter(({ event }) => event === 'answer');
    expect(answers.length).toBeGreaterThan(20);
    const routes = new Set(answers.map(({ route }) => route));
    for (const route of ['/api/visits', '/api/visits/:submissionId', '/api/peer/histories', '/api/mailbox']) {
      expect(routes).toContain(route);
    }
    expect(answers.every(({ request, status, ms }) => request && status && typeof ms === 'number')).toBe(true);
    expect(answers.find(({ status }) => status === 401)).toMatchObject({ code: 'unauthenticated' });
    expect(answers.filter(({ status }) => status === 404).map(({ route }) => route)).toContain('app');
  });

  it('names nobody', () => {
    const text = JSON.stringify(lines);
    expect(personal.size).toBeGreaterThan(50);
    for (const needle of personal) expect(text.includes(needle), needle).toBe(false);
    // Tokens, proofs and signatures are long runs of base64url; ids of requests are not.
    expect(text).not.toMatch(/[A-Za-z0-9_-]{41,}/);
  });
});

describe('metrics', () => {
  it('count answers, waiting envelopes, the log and the store, and name nobody', async () => {
    for (const origin of [network.origins.east, network.origins['gateway-a']]) {
      const response = await readMetrics(origin);
      expect(response.headers.get('content-type')).toContain('version=0.0.4');
      const text = await response.text();
      expect(text).toMatch(/tsunagi_answers_total\{method="POST",route="\/api\/visits",status="20[01]",code=""\} \d/);
      expect(text).toMatch(/tsunagi_store_seconds_count\{area="visits",operation="\w+"\} \d/);
      expect(text).toContain('tsunagi_health{check="store"} 0');
      for (const needle of personal) expect(text.includes(needle), needle).toBe(false);
    }
    const east = await (await readMetrics(network.origins.east)).text();
    expect(east).toMatch(/tsunagi_queue_depth\{kind="mailbox",to="sakura\/1310000012"\} 0/);
    expect(east).toMatch(/tsunagi_log_leaves\{state="integrated"\} [1-9]/);
    expect(east).toMatch(/tsunagi_envelopes_recent\{state="acknowledged"\} 3/);
  });

  it('are for the bearer of the token alone', async () => {
    expect((await readMetrics(network.origins.east, 'x'.repeat(43))).status).toBe(401);
    expect((await fetch(`${network.origins.east}/metrics`)).status).toBe(401);
  });
});

it('a healthy network says so, everywhere', async () => {
  for (const origin of [network.origins.east, network.origins['gateway-b']]) {
    const health = Health.parse(await (await fetch(`${origin}/healthz`)).json());
    expect(health.checks.filter(({ state, name }) => state !== 'ok' && name !== 'disk')).toEqual([]);
    expect((await fetch(`${origin}/readyz`)).status).toBe(204);
  }
});

it('an exchange whose peer is away is degraded, and goes on', async () => {
  await network.stopNode('west');
  const operator = await openOperatorClient({ ...network, fetch, now: () => new Date() }, 'east');
  const diagnosis = await operator.post('/api/operator/peers/west/test', undefined, PeerDiagnosis);
  expect(diagnosis.finding).toBe('unreachable');
  await expect
    .poll(async () => Health.parse(await (await fetch(`${network.origins.east}/healthz`)).json()), { timeout: 5000 })
    .toMatchObject({ checks: expect.arrayContaining([{ name: 'peers', state: 'degraded', value: 1 }]) as unknown });
  expect((await fetch(`${network.origins.east}/readyz`)).status).toBe(204);
});
