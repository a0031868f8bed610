import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_DATA, gatewayA } from './demo.ts';

/** Gateway A of the demo as a process of its own, to be lost and to come back. */
export interface GatewayProcess {
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on its own data. */
  start(): Promise<void>;
}

let running: { readonly pid: number; readonly child?: ChildProcess } | undefined;

export const gatewayProcess: GatewayProcess = {
  async kill() {
    running ??= { pid: readDemoPid() };
    process.kill(running.pid, 'SIGKILL');
    await until(async () => !(await isAnswering()));
  },
  async start() {
    const args = ['--conditions=webusb-ccid:source', 'api/server.ts', `${DEMO_DATA}/config/gateway-a.json`];
    const child = spawn('node', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    process.once('exit', () => child.kill());
    if (child.pid !== undefined) running = { pid: child.pid, child };
    await until(isAnswering);
  },
};

function readDemoPid(): number {
  const pids = JSON.parse(readFileSync(`${DEMO_DATA}/pids.json`, 'utf8')) as Readonly<Record<string, number>>;
  const pid = pids['gateway-a'];
  if (pid === undefined) throw new TypeError('the demo network runs no gateway A');
  return pid;
}

const isAnswering = () =>
  fetch(`${gatewayA}/api/status`).then(
    ({ ok }) => ok,
    () => false,
  );

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(100);
}
