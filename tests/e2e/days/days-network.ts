import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

/** A network of servers whose clocks move with the test's, and whose gateway A comes and goes. */
export interface DaysNetwork {
  readonly origin: string;
  startGateway(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  killGateway(): Promise<void>;
  moveClock(offsetMs: number): void;
  /** Gateway A serves a newer version of the app from its next start on. */
  publishUpdate(): void;
  /** Ids of submissions in gateway A's database by what became of them, straight from its file. */
  received(): ReadonlyMap<string, string>;
  /** Ids of submissions that the exchange recorded for gateway A, one for each leaf of its log. */
  recorded(): readonly string[];
  stop(): Promise<void>;
}

const program = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const EXEC_ARGV = ['--conditions=webusb-ccid:source'];

/** @param folder of its own, which the caller removes */
export async function startDaysNetwork(folder: string): Promise<DaysNetwork> {
  const data = join(folder, 'data');
  const app = join(folder, 'app');
  cpSync('build', app, { recursive: true });
  const others = fork(program('network.ts'), [data, app], {
    execArgv: EXEC_ARGV,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ gatewayA: origin }] = (await once(others, 'message')) as [{ readonly gatewayA: string }];
  let gateway: ChildProcess | undefined;
  let clockOffsetMs = 0;

  return {
    origin,
    async startGateway() {
      const config = join(data, 'config', 'gateway-a.json');
      gateway = fork(program('../../chaos/exchange.ts'), [config], {
        execArgv: EXEC_ARGV,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      gateway.send({ clockOffsetMs });
      await once(gateway, 'message');
    },
    async killGateway() {
      if (!gateway) return;
      const ended = once(gateway, 'exit');
      gateway.kill('SIGKILL');
      gateway = undefined;
      await ended;
    },
    moveClock(offsetMs) {
      clockOffsetMs = offsetMs;
      for (const child of [others, gateway]) child?.send({ clockOffsetMs });
    },
    publishUpdate() {
      const worker = join(app, 'service-worker.js');
      const versionFile = join(app, '_app', 'version.json');
      const { version } = JSON.parse(readFileSync(versionFile, 'utf8')) as { readonly version: string };
      const next = String(Number(version) + 1);
      writeFileSync(versionFile, JSON.stringify({ version: next }));
      writeFileSync(worker, readFileSync(worker, 'utf8').replaceAll(version, next));
      for (const ending of ['br', 'gz']) rmSync(`${worker}.${ending}`, { force: true });
    },
    received: () =>
      new Map(
        readRows<{ id: string; state: string }>(
          join(data, 'database', 'gateway-a.sqlite'),
          'SELECT submission_id AS id, state FROM gateway_visit',
        ).map(({ id, state }) => [id, state]),
      ),
    recorded: () =>
      readRows<{ id: string }>(join(data, 'database', 'east.sqlite'), 'SELECT submission_id AS id FROM visit').map(
        ({ id }) => id,
      ),
    async stop() {
      const ended = [gateway, others].flatMap((child) => (child ? [once(child, 'exit')] : []));
      gateway?.kill('SIGKILL');
      others.disconnect();
      await Promise.all(ended);
    },
  };
}

function readRows<T>(path: string, select: string): readonly T[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare<[], T>(select).all();
  } finally {
    database.close();
  }
}
