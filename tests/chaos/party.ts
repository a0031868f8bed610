import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process that is started again whenever it ends, until the run is over. */
export interface Party {
  readonly name: string;
  readonly kind: 'exchange' | 'gateway';
  /** What it said last. */
  readonly news: () => unknown;
  /** Whether it is there and works. */
  readonly isUp: () => boolean;
  /** kill -9, at whatever it is doing. False when it was not there. */
  kill(): boolean;
  moveClock(offsetMs: number): void;
  stop(): Promise<void>;
}

/** @param arguments_ of the program */
export function startParty(
  name: string,
  kind: Party['kind'],
  path: string,
  logPath: string,
  restartDelayMs: () => number,
): Party & { readonly ready: Promise<void> } {
  const program = fileURLToPath(new URL(`./${kind}.ts`, import.meta.url));
  const log = createWriteStream(logPath, { flags: 'a' });
  let child: ChildProcess | undefined;
  let news: unknown;
  let isOver = false;
  let isUp = false;
  let offsetMs = 0;
  let markReady = () => {};
  const ready = new Promise<void>((resolve) => (markReady = resolve));

  function start(): void {
    const started = spawn(process.execPath, ['--conditions=webusb-ccid:source', program, path], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = started;
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    started.on('message', (message) => {
      if (message === 'listening') {
        isUp = true;
        markReady();
        if (offsetMs !== 0) started.send({ clockOffsetMs: offsetMs }, () => {});
      } else news = message;
    });
    started.on('error', () => {});
    started.once('exit', () => {
      isUp = false;
      if (child === started) child = undefined;
      if (!isOver) setTimeout(start, restartDelayMs());
    });
  }
  start();

  return {
    ...{ name, kind, ready, news: () => news, isUp: () => isUp },
    kill: () => child?.kill('SIGKILL') ?? false,
    moveClock(ms) {
      offsetMs = ms;
      if (child?.connected) child.send({ clockOffsetMs: ms }, () => {});
    },
    async stop() {
      isOver = true;
      const last = child;
      if (!last || last.exitCode !== null) return;
      const ended = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGKILL');
      await ended;
    },
  };
}
