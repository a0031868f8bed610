import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createExchangeClient } from '#api/http/exchange-client.ts';
import { runExchange } from '#api/cli/exchange/run.ts';
import { ExchangeConfig } from '#api/config/exchange-config.ts';
import { GatewayConfig } from '#api/config/gateway-config.ts';
import { startChild } from '#api/demo/children.ts';
import { cardsToEnrol, enrolCard } from '#api/demo/enrol-people.ts';
import { openKeyRing } from '#api/demo/key-ring.ts';
import { startNetwork } from '#api/demo/network.ts';
import { findFreePort } from '#api/demo/ports.ts';
import { readSigningKey } from '#api/server/key-files.ts';
import { SYNTHETIC_PINS } from '#api/synthetic/cards/my-number-card.ts';
import { WORLD_TIMEOUT_MS } from '../api/synthetic/shared-world.ts';
import { openStation } from '../story/station.ts';
import { askHistory } from '../story/steps/history.ts';
import { registerResults } from '../story/steps/records.ts';
import { releaseResults } from '../story/steps/release.ts';
import { requestResults } from '../story/steps/request.ts';
import { takeVisit } from '../story/steps/visit.ts';
import { createTranscript } from '../story/transcript.ts';
import { until } from './visit-network.ts';

const C = 'aoi/0110000018';
const AOI = { ja: 'あおい地域医療ネットワーク(模擬)', en: 'Aoi regional network (synthetic)' };

/** Everything of the running demonstration, below one folder that goes with the test. */
async function startDemo() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tsunagi-third-'));
  const network = await startNetwork({ dataDirectory });
  onTestFinished(async () => {
    await network.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  const pathOf = (node: string) => join(dataDirectory, 'config', `${node}.json`);
  const read = (node: string): unknown => JSON.parse(readFileSync(pathOf(node), 'utf8'));
  return { network, dataDirectory, pathOf, read };
}

type Demo = Awaited<ReturnType<typeof startDemo>>;

/** A third exchange with a network and a gateway of its own, which nobody has pinned and which pins nobody. */
async function startNorth({ dataDirectory, pathOf, read }: Demo) {
  const keys = await openKeyRing(join(dataDirectory, 'keys'));
  const [signing, log, north, gateway, sealing] = await Promise.all([
    keys.signing('gateway-c'),
    keys.log('north', 'tsunagi.invalid/demo/north'),
    keys.signing('north'),
    findFreePort(),
    keys.encryption('gateway-c'),
  ]);
  const port = await findFreePort();
  const place = (at: number, name: string) => ({
    ...{ listen: { host: '127.0.0.1', port: at }, origin: `http://127.0.0.1:${at}` },
    database: join(dataDirectory, 'database', `${name}.sqlite`),
  });
  const { witness: _w, witnesses: _ws, app: _a, ...west } = ExchangeConfig.parse(read('west'));
  const name = { ja: '北日本 医療情報中継センター(模擬)', en: 'NORTH exchange (synthetic)' };
  const institution = { id: C, name: { ja: 'あおい模擬病院', en: 'Aoi Synthetic Hospital' } };
  const exchange = {
    ...west,
    ...place(port, 'north'),
    ...{ id: 'north', name, logOrigin: 'tsunagi.invalid/demo/north', networks: [{ id: 'aoi', name: AOI }], peers: [] },
    keys: { ...west.keys, signing: north.path, log: log.path },
    institutions: [{ ...institution, signingKeys: [signing.publicKey], encryptionKeys: [sealing.publicKey] }],
  };
  writeFileSync(pathOf('north'), JSON.stringify(exchange), { mode: 0o600 });
  const { witness: _gw, app: _ga, ...b } = GatewayConfig.parse(read('gateway-b'));
  const pinned = { id: 'north', name, origin: exchange.origin, signingKeys: [north.publicKey] };
  const gatewayC = {
    ...b,
    ...place(gateway, 'gateway-c'),
    institution,
    keys: { signing: signing.path, encryption: sealing.path },
    exchange: { ...pinned, logKeys: [log.verifierKey] },
  };
  writeFileSync(pathOf('gateway-c'), JSON.stringify(gatewayC), { mode: 0o600 });
  for (const node of ['north', 'gateway-c']) {
    const child = await startChild(pathOf(node));
    onTestFinished(() => child.stop());
  }
  return { origin: exchange.origin, gateway: gatewayC.origin };
}

/** `npm run exchange -- …`, as an operator types it, to servers in processes of their own. */
async function run(dataDirectory: string, ...args: readonly string[]) {
  const lines: string[] = [];
  const world = { cwd: dataDirectory, ask: undefined, fetch, now: () => new Date(), locale: 'en' };
  const command = [...args, '--data', dataDirectory];
  const code = await runExchange(command, { ...world, write: (line) => void lines.push(line) });
  return { code, said: lines.join('\n') };
}

it(
  'a third exchange joins the running network by one command on each side, and records travel any to any',
  async () => {
    const demo = await startDemo();
    const { network, dataDirectory } = demo;
    const { origins, world } = network;
    const north = await startNorth(demo);
    const exchange = (node: string, ...args: readonly string[]) => run(dataDirectory, ...args, '--node', node);
    const fingerprintOf = async (node: string) =>
      (JSON.parse((await exchange(node, 'key', 'show', '--json')).said) as { signing: string }).signing;

    // Without the fingerprint, and with a wrong one, nothing happens.
    expect((await exchange('north', 'peer', 'add', origins.east)).code).toBe(2);
    expect((await exchange('north', 'peer', 'add', origins.east, '--fingerprint', 'ab'.repeat(32))).code).toBe(1);
    expect((await exchange('north', 'peer', 'list', '--json')).said).toContain('"peers": []');

    for (const node of ['east', 'west'] as const) {
      const first = await exchange('north', 'peer', 'add', origins[node], '--fingerprint', await fingerprintOf(node));
      expect(first).toMatchObject({ code: 0 });
      expect(first.said).toContain('has not added this exchange yet');
      const command = /npm run exchange -- (peer add .*)/.exec(first.said)?.[1];
      expect(command).toBe(`peer add ${north.origin} --fingerprint "${await fingerprintOf('north')}"`);
      const second = await exchange(node, 'peer', 'add', north.origin, '--fingerprint', await fingerprintOf('north'));
      expect(second).toMatchObject({ code: 0 });
      expect(second.said).toContain('The line to north works');
    }
    expect(await exchange('north', 'peer', 'test')).toMatchObject({ code: 0 });

    // A visit and results at C; then B, two borders away from where it started, asks C for them.
    const self = { origin: north.origin, self: C, exchange: 'north', fetch, now: () => new Date() };
    const key = await readSigningKey(join(dataDirectory, 'keys/gateway-c-signing.json'));
    const [card] = cardsToEnrol(world);
    await enrolCard(card!, createExchangeClient({ ...self, key }));
    const transcript = createTranscript(join(dataDirectory, 'story'), () => {});
    const c = await openStation(north.gateway, 'Reception at C');
    const b = await openStation(origins['gateway-b'], 'Room at B');
    onTestFinished(() => Promise.all([c.close(), b.close()]).then(() => {}));
    const visit = await takeVisit(c, card!, transcript, 'c');
    await registerResults(c, visit, world, transcript);
    const parts = (await until(
      () => askHistory(b, card!, transcript).catch(() => undefined),
      (history) => history?.parts.length === 3,
    ))!;
    expect(parts.parts.map(({ exchange: id }) => id).sort()).toEqual(['east', 'north', 'west']);
    const doctor = { card: world.cards.hpki[0]!, pin: SYNTHETIC_PINS.hpkiPin };
    const sent = await requestResults(b, parts, doctor, C, transcript);
    const answered = await releaseResults(c, b, sent, transcript);
    expect(answered.documents?.length).toBeGreaterThan(0);

    // What was added is still there after a restart of the demonstration's own servers.
    await network.stop();
    const again = await startNetwork({ dataDirectory, origins });
    onTestFinished(() => again.stop());
    expect(await exchange('east', 'peer', 'test', 'north')).toMatchObject({ code: 0 });

    // Taken out again, the line is closed from that side, and the other side is told why.
    expect(await exchange('east', 'peer', 'remove', 'north')).toMatchObject({ code: 0 });
    const closed = await exchange('north', 'peer', 'test', 'east', '--json');
    expect(closed).toMatchObject({ code: 1 });
    expect(JSON.parse(closed.said)).toMatchObject({ diagnoses: [{ exchange: 'east', finding: 'not_pinned_there' }] });
  },
  2 * WORLD_TIMEOUT_MS,
);
