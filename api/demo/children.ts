import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config/config-error.ts';

/** One server in a process of its own. */
export interface Child {
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Asks it to stop; after a while it is made to. */
  stop(): Promise<void>;
}

const SERVER = fileURLToPath(new URL('../server.ts', import.meta.url));
const PATIENCE_MS = 5000;

/**
 * Starts a server as a child process; resolves when it listens. Its log is a file beside its configuration.
 *
 * @throws {ConfigError} with what the child said when it did not start
 */
export async function startChild(configPath: string): Promise<Child> {
  const log = openSync(`${configPath.replace(/\.json$/, '')}.log`, 'a', 0o600);
  const child = spawn(process.execPath, ['--conditions=webusb-ccid:source', SERVER, configPath], {
    // The channel tells the child when its parent is gone, however that ended.
    stdio: ['ignore', log, 'pipe', 'ipc'],
    // Ctrl-C reaches the whole terminal group; the parent stops its children in order itself.
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilListening(child);
  child.stderr?.pipe(process.stderr);
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(impatient);
    },
  };
}

function untilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('message', () => {
      child.stderr?.removeAllListeners('data');
      resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new ConfigError('config_invalid', said.trim() || 'the server ended at once')));
  });
}
