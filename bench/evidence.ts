import { digest, encodeBase64Url } from '../api/contract/encoding.ts';
import { hashNode } from '../api/contract/evidence/tree-hash.ts';
import { createStatements } from './evidence/crypto.ts';
import { measureGrowth, type GrowthPoint } from './evidence/growth.ts';
import { runAlone, runLoad, type LoadResult } from './evidence/latency.ts';
import { measureReceipt } from './evidence/receipt-size.ts';
import { createSealer, openWorld, VISIT } from './evidence/world.ts';
import { BENCHES, readBenchOptions } from './report/benches.ts';
import { report, say } from './report/report.ts';

/**
 * Visits per second, durable and receipted, and what one costs as the log grows, beside the limits of the same run: the
 * store for the same bytes, and the cryptography alone.
 */
const options = readBenchOptions(BENCHES.evidence, process.argv.slice(2));
const durationMs = Number(options['seconds']) * 1000;
const CLIENTS = [1, 16, 256];
/** The peak of England's national Spine, messages per second: what a country needs. */
const GOAL = 3_200;
const isWanted = (part: string) => options['only'] === undefined || options['only'] === part;

const statements = await createStatements();
const { record } = statements;
say(`node ${process.version}, record ${record.length} bytes, ${options['seconds']} s per cell`);

if (isWanted('load')) await measureLoad();
if (isWanted('growth')) await reportGrowth();
if (isWanted('receipt')) await reportReceipts();

async function measureLoad(): Promise<void> {
  say('\nThe cryptography alone, one after the other');
  const node = digest('node');
  const seal = await createSealer();
  const place = { id: VISIT.iss, subject: '', institution: '', previous: encodeBase64Url(node), sequence: 1 };
  const alone = {
    'tree hash (SHA-256, 65 bytes)': () => hashNode(node, node),
    'visit record signed (ES256)': () => seal({ ...VISIT, ...place }),
    'presence proof verified (RSA-2048)': statements.verifyPresence,
  };
  for (const [name, task] of Object.entries(alone)) {
    report({ name, value: await runAlone(durationMs / 2, task), unit: 'per s' });
  }

  type World = Awaited<ReturnType<typeof openWorld>>;
  const receipted = async ({ accept, receipts }: World, onDurable?: () => void): Promise<void> => {
    const visit = await accept();
    onDurable?.();
    await receipts.requireReceipt(visit, 60_000);
  };
  const TASKS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
    'store limit: the same bytes in one row, durable': ({ insertRow }) => insertRow(record),
    'cryptography limit: verified, signed, not stored': async ({ seal: sealOne }) => {
      await statements.verifyPresence();
      sealOne({ ...VISIT, ...place });
    },
    'visit durable': ({ accept }) => accept(),
    'visit durable, integrated': async ({ accept, log }) => log.waitFor((await accept()).leaf),
    'visit durable, receipted': (world) => receipted(world),
    'visit verified, durable': async ({ accept }) => {
      await statements.verifyPresence();
      return accept();
    },
    'visit verified, durable, receipted': async (world) => {
      await statements.verifyPresence();
      return receipted(world);
    },
  };
  say('\nClosed loop; the log is integrated every 200 ms, and sooner when somebody waits');
  let reached: LoadResult | undefined;
  for (const clients of CLIENTS) {
    let limit: number | undefined;
    for (const [name, task] of Object.entries(TASKS)) {
      const world = await openWorld();
      const stop = world.log.start();
      await runLoad(clients, durationMs / 4, () => task(world));
      const result = await runLoad(clients, durationMs, () => task(world));
      await stop();
      await world.close();
      limit ??= result.perSecond;
      reportLoad(name, result, limit);
      if (clients === 256 && name === 'visit verified, durable, receipted') reached = result;
    }
  }
  say('\nThe goal: verified, durable, receipted, 256 clients');
  report({ name: 'evidence.goal', value: reached?.perSecond ?? NaN, unit: 'per s', limit: GOAL });
}

function reportLoad(name: string, { clients, perSecond, p50, p99, cpu, main }: LoadResult, limit: number): void {
  const of = `${name}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
  report({ name: of, value: perSecond, unit: 'per s', limit });
  report({ name: `${of}: p50`, value: p50, unit: 'ms' });
  report({ name: `${of}: p99`, value: p99, unit: 'ms' });
  report({ name: `${of}: processor time, all threads`, value: cpu, unit: 'µs' });
  report({ name: `${of}: processor time, main thread`, value: main, unit: 'µs' });
}

async function reportGrowth(): Promise<void> {
  say('\nCost of one leaf as the log grows, beside the first size');
  const sizes = [1e4, 1e5, 1e6, 1e7].filter((size) => size <= Number(options['leaves']));
  let first: GrowthPoint | undefined;
  for await (const point of measureGrowth(sizes)) {
    first ??= point;
    for (const cost of ['sequence', 'integrate', 'proof', 'oldProof', 'timeline'] as const) {
      report({ name: `${cost}, ${point.size} leaves`, value: point[cost], unit: 'µs', limit: first[cost] });
    }
  }
}

async function reportReceipts(): Promise<void> {
  say('\nA receipt: file, QR text, and verification of everything in it');
  for (const leaves of [1e3, 1e6, 1e9]) {
    for (const witnesses of [0, 3]) {
      const measured = await measureReceipt(leaves, witnesses, record, statements.exchangeKeys);
      const of = `receipt of ${leaves} leaves, ${witnesses} witnesses`;
      report({ name: `${of}: file`, value: measured.fileBytes, unit: 'bytes' });
      report({ name: `${of}: COSE`, value: measured.coseBytes, unit: 'bytes' });
      report({ name: `${of}: QR text`, value: measured.qrCharacters, unit: 'characters', limit: 4296 });
      report({ name: `${of}: QR version`, value: measured.qrVersion, unit: 'of 40', limit: 40 });
      report({ name: `${of}: verified`, value: measured.verificationsPerSecond, unit: 'per s' });
    }
  }
}
