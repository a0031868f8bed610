import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL server of our own, on a free port of loopback, with its data in a temporary folder. */
export interface Cluster {
  readonly url: string;
  /** Kills it with -9, all of its processes, and starts it again; resolves when it has recovered. */
  crash(): Promise<void>;
  /** Ends it at once and removes its folder. */
  stop(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';

/** Debian keeps each release's programs in a folder of its own, out of the path. */
export function findPostgres(): string | undefined {
  const releases = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one)) : [];
  return releases.map((release) => join(DEBIAN, release, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

export const POSTGRES_MISSING = 'left out: no PostgreSQL here (Debian: apt-get install postgresql)';

/**
 * Makes and starts a cluster.
 *
 * @param options `isDurable`: commits are synced, as in production; else the disk is spared
 */
export async function startCluster(
  bin: string,
  options: { readonly isDurable?: boolean; readonly connections?: number; readonly folder?: string } = {},
): Promise<Cluster> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tsunagi-postgres-'));
  const owner = chooseOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const initdb = [
    '-D',
    data,
    '-U',
    'tsunagi',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  execFileSync(join(bin, 'initdb'), initdb, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await findFreePort();
  const settings = {
    ...{ listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, logging_collector: 'off' },
    ...{ max_connections: options.connections ?? 100, shared_buffers: '32MB', log_min_messages: 'fatal' },
    ...(options.isDurable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = async (): Promise<ChildProcess> => {
    for (;;) {
      const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...owner, cwd: folder, stdio: 'ignore' });
      if (await isReady(bin, port, server)) return server;
      // A full disk, or children of the last one that are not quite gone.
      await pause(300);
    }
  };
  let server = await start();
  let isStopped = false;
  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      if (server.exitCode !== null || server.signalCode !== null) return resolve();
      server.once('exit', () => resolve());
      server.kill(signal);
    });
  /** One that ended by itself, as on a full disk, is started again. */
  const watch = () =>
    server.once('exit', () => {
      if (!isStopped && !isCrashing) void start().then((fresh) => ((server = fresh), watch()));
    });
  let isCrashing = false;
  watch();

  return {
    url: `postgresql://tsunagi@127.0.0.1:${port}/postgres`,
    async crash() {
      isCrashing = true;
      // Its children notice by themselves that it is gone.
      await end('SIGKILL');
      server = await start();
      isCrashing = false;
      watch();
    },
    async stop() {
      isStopped = true;
      // Immediate shutdown (PostgreSQL §19.5).
      await end('SIGQUIT');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** PostgreSQL refuses to run as root: then it runs as the user that Debian made for it. */
function chooseOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Whether it takes connections; false when it ended instead. */
async function isReady(bin: string, port: number, server: ChildProcess): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    const asked = spawn(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    if ((await new Promise((resolve) => asked.once('exit', resolve))) === 0) return true;
    await pause(50);
  }
  return false;
}
