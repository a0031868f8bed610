import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { LabError } from '../lab-error.ts';

const TIMEOUT_MS = 300_000;
/** Long even for an emulated machine on a busy one. */
const PATIENCE_MS = 240_000;

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ran {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** Runs a program to its end; its exit code is the caller's to judge. */
export function tryProgram(program: string, args: readonly string[], { env, cwd }: RunOptions = {}): Promise<Ran> {
  const options = { timeout: TIMEOUT_MS, env: { ...process.env, ...env }, cwd, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, output: stdout + stderr });
    });
  });
}

/**
 * Runs a program to its end; resolves with what it said.
 *
 * @throws {LabError} `program_failed`
 */
export async function runProgram(program: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, output } = await tryProgram(program, args, options);
  if (code !== 0) throw new LabError('program_failed', `${program} ${args.join(' ')}: ${output.trim()}`);
  return output;
}

/** A program in the background; what it says is kept for a failure to be explained. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #said: string[] = [];

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.#ended = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (bytes: Buffer) => this.#said.push(bytes.toString()));
  }

  get said(): string {
    return this.#said.join('');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill();
    await this.#ended;
  }
}

/**
 * Asks again and again until there is an answer.
 *
 * @throws {LabError} `nothing_happened` when there is none for a long time
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new LabError('nothing_happened', `no ${what} came`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
