import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OfferedCard, offerToVpcd } from '../../../ccid/cli/offer-card.ts';
import type { SimulatedCard } from '../../../ccid/simulated/card.ts';

const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const DAEMON_SOCKET = '/run/pcscd/pcscd.comm';

/** Why OpenSC cannot be asked on this machine, or `undefined` when it can. */
export function whyNoOpenSc(): string | undefined {
  if (process.getuid?.() !== 0) return 'pcscd wants to be root';
  for (const program of [
    '/usr/sbin/pcscd',
    '/usr/bin/pkcs11-tool',
    '/usr/bin/pkcs15-tool',
    '/usr/bin/openssl',
    DRIVER,
  ]) {
    if (!existsSync(program)) return `${program} is missing (Debian: opensc pcscd vsmartcard-vpcd openssl)`;
  }
  if (!findModule()) return 'opensc-pkcs11.so is missing';
  if (existsSync(DAEMON_SOCKET) && isRunning('pcscd')) return 'another pcscd is running';
  return undefined;
}

function isRunning(name: string): boolean {
  try {
    execFileSync('pidof', [name]);
    return true;
  } catch {
    return false;
  }
}

function findModule(): string | undefined {
  return readdirSync('/usr/lib')
    .map((name) => `/usr/lib/${name}/opensc-pkcs11.so`)
    .find((path) => existsSync(path));
}

interface Outcome {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** OpenSC behind a pcscd of its own, with one virtual reader and one simulated card. */
export interface OpenSc {
  readonly folder: string;
  readonly module: string;
  /** Runs a program in the folder; resolves with its output and exit code, which is the program's to judge by. */
  run(program: string, ...args: string[]): Promise<Outcome>;
  /** Stops trying the two dozen other cards first, which costs a second each time. */
  expectOnly(driver: string): void;
  close(): Promise<void>;
}

export async function startOpenSc(card: SimulatedCard): Promise<OpenSc> {
  const folder = mkdtempSync(join(tmpdir(), 'opensc-'));
  const port = await findPort();
  writeReaderConfiguration(folder, port);
  const daemon = spawn('/usr/sbin/pcscd', ['-f', '-c', join(folder, 'readers')], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  const stop = async (): Promise<void> => {
    daemon.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  const offered = await offerWhenReady(card, port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const environment = { ...process.env, OPENSC_CONF: join(folder, 'opensc.conf') };
  const run = (program: string, ...args: string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      execFile(program, args, { cwd: folder, timeout: 60_000, env: environment }, (error, stdout, stderr) => {
        resolve({ code: error ? 1 : 0, output: stdout + stderr });
      });
    });
  await waitForCard(run);
  return {
    folder,
    module: findModule()!,
    run,
    expectOnly: (driver) => {
      writeFileSync(join(folder, 'opensc.conf'), `app default { card_drivers = ${driver}; }\n`);
    },
    async close() {
      offered.remove();
      await offered.removed;
      await stop();
    },
  };
}

/** Until the daemon lists its reader with a card in it; a busy machine takes a while. */
async function waitForCard(run: OpenSc['run']): Promise<void> {
  for (let attempt = 1; attempt <= 120; attempt += 1) {
    const { output } = await run('opensc-tool', '--list-readers');
    if (/^\d+\s+Yes\b/m.test(output)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function writeReaderConfiguration(folder: string, port: number): void {
  const channel = `0x${port.toString(16)}`;
  const lines = [
    'FRIENDLYNAME "Simulated"',
    `DEVICENAME /dev/null:${channel}`,
    `LIBPATH ${DRIVER}`,
    `CHANNELID ${channel}`,
  ];
  execFileSync('mkdir', [join(folder, 'readers')]);
  writeFileSync(join(folder, 'readers', 'vpcd'), `${lines.join('\n')}\n`);
}

/** A free port; the reader takes the next one too, for its second slot. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

/** As soon as the daemon has loaded its driver; gives up with the last error. */
async function offerWhenReady(card: SimulatedCard, port: number): Promise<OfferedCard> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await offerToVpcd(card, '127.0.0.1', port);
    } catch (error) {
      if (attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
