import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBadLine, type BadLine } from './bad-line.ts';
import { checkLogs, type Logs } from './checker.ts';
import { openDiary } from './diary.ts';
import { describeNetwork, EXCHANGES, type ExchangeName, type GatewayPlan } from './network.ts';
import type { ChaosOptions } from './options.ts';
import { startParty } from './party.ts';
import { between, createSeededRandom } from './seeded-random.ts';
import { openChaosStores } from './stores.ts';
import { makeTrouble } from './troubles.ts';

const LINE_PERCENT = 8;
/** Of all messages, those that may still be on their way when the trouble ends. */
const CALM_SHARE = 0.15;
/** A network in which nothing moved for so long will not move any more. How long a whole run takes is the machine's affair. */
const STANDSTILL_MS = 240_000;

/** Resolves true when every promise was kept. */
export async function runChaos(chaos: ChaosOptions): Promise<boolean> {
  const { messages, seed, store, processes } = chaos;
  console.log(
    `${messages} messages, ${store}, ${processes} process${processes > 1 ? 'es' : ''} an exchange, seed ${seed}`,
  );
  const random = createSeededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-chaos-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'log'));
  const stores = await openChaosStores(folder, chaos);
  const ports = { east: await findFreePorts(processes), west: await findFreePorts(processes) };
  const lines: Record<ExchangeName, BadLine> = {
    east: await openBadLine({ ports: ports.east, random, percent: LINE_PERCENT }),
    west: await openBadLine({ ports: ports.west, random, percent: LINE_PERCENT }),
  };
  const network = await describeNetwork({
    ...{ folder, seed, ports, letters: messages, placeOf: stores.placeOf },
    origins: { east: lines.east.origin, west: lines.west.origin },
  });
  if (stores.disks.length === 0) console.log('no full disks: file systems may not be mounted here');
  const start = (name: string, kind: 'exchange' | 'gateway', path: string) =>
    startParty(name, kind, path, join(folder, 'log', `${name}.log`), () => between(random, 50, 800));
  const starting = performance.now();
  const exchanges = network.exchanges.map(({ name, path }) => start(name, 'exchange', path));
  await Promise.all(exchanges.map(({ ready }) => ready));
  const startMs = performance.now() - starting;
  const gateways = network.gateways.map(({ name, path }) => start(`gateway-${name}`, 'gateway', path));
  await Promise.all(gateways.map(({ ready }) => ready));
  const parties = [...exchanges, ...gateways];

  const began = performance.now();
  const calm = new AbortController();
  const everyLine = EXCHANGES.map((name) => lines[name]);
  const trouble = makeTrouble(
    { parties, lines: everyLine, disks: stores.disks, database: stores.database, random, startMs },
    calm.signal,
  );
  const isWritten = () => sumOf(gateways, 'written') >= messages;
  // Trouble until most of them have arrived: the last ones must find their way in peace.
  const isMostlyThere = () => isWritten() && sumOf(gateways, 'unfinished') <= messages * CALM_SHARE;
  await until(isMostlyThere, () => progress(gateways, messages));
  calm.abort();
  const counts = await trouble;
  // Whoever backed off for long starts afresh, as after a repair.
  exchanges.forEach((party) => party.kill());
  const isOver = () => gateways.every((party) => read(party.news(), 'unfinished') === 0) && isWritten();
  await until(isOver, () => progress(gateways, messages));
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(parties.map((party) => party.stop()));

  const logs = await Promise.all(network.gateways.map(({ plan }) => readLogs(plan)));
  const found = checkLogs(logs);
  const lineCounts = everyLine.flatMap((line) => [...line.counts]).reduce((sum, [, count]) => sum + count, 0);
  console.log(
    `trouble: ${Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}, ${lineCounts} requests lost, cut, doubled or late`,
  );
  console.log(
    `${found.sent} sent = ${found.delivered} delivered once + ${found.expired} expired + ${found.refused} refused, in ${seconds.toFixed(1)} s`,
  );
  found.broken.slice(0, 20).forEach((line) => console.log(`  ${line}`));
  const isHeld = found.broken.length === 0 && found.sent === messages;
  console.log(
    isHeld
      ? `HELD with seed ${seed}`
      : `BROKEN with seed ${seed}: ${found.broken.length} promises, ${found.sent} of ${messages} sent`,
  );
  await Promise.all(everyLine.map((line) => line.close()));
  if (chaos.keep) console.log(`kept in ${folder}`);
  else {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return isHeld;
}

async function readLogs({ name, database, institution }: GatewayPlan): Promise<Logs> {
  const diary = await openDiary(database, institution);
  const logs = { gateway: name, sent: await diary.listSent(), received: await diary.listReceived() };
  await diary.close();
  return logs;
}

function read(news: unknown, member: 'written' | 'unfinished' | 'received'): number | undefined {
  if (typeof news !== 'object' || news === null) return undefined;
  const value: unknown = Object.entries(news).find(([name]) => name === member)?.[1];
  return typeof value === 'number' ? value : undefined;
}

const sumOf = (parties: readonly { readonly news: () => unknown }[], member: 'written' | 'unfinished' | 'received') =>
  parties.reduce((sum, party) => sum + (read(party.news(), member) ?? 0), 0);

/** Where the messages stand, in words that change when one of them moves. */
function progress(gateways: readonly { readonly news: () => unknown }[], messages: number): string {
  const [written, received] = [sumOf(gateways, 'written'), sumOf(gateways, 'received')];
  const words = `${written} of ${messages} written, ${received} received, ${sumOf(gateways, 'unfinished')} on their way`;
  if (process.stdout.isTTY) process.stdout.write(`\r${words}   `);
  return words;
}

/** False when nothing moved for too long. */
async function until(isSo: () => boolean, look: () => string): Promise<boolean> {
  let seen = '';
  let seenAt = performance.now();
  while (!isSo()) {
    const words = look();
    if (words !== seen) [seen, seenAt] = [words, performance.now()];
    else if (performance.now() - seenAt > STANDSTILL_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return true;
}

async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
