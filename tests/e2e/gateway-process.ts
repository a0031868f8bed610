import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_DATA, gatewayA } from './demo.ts';

/** Gateway A of the demo as a process of its own, to be lost and to come back. */
export interface GatewayProcess {
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on its own data. */
  start(): Promise<void>;
}

/** Outlives a test worker, which ends with every failed test; `stop-gateway.ts` ends it after the run. */
export const RESTARTED_PID_FILE = `${DEMO_DATA}/restarted-gateway-a.pid`;

export const gatewayProcess: GatewayProcess = {
  async kill() {
    process.kill(readPid(), 'SIGKILL');
    rmSync(RESTARTED_PID_FILE, { force: true });
    await until(async () => !(await isAnswering()));
  },
  async start() {
    const args = ['--conditions=webusb-ccid:source', 'api/server.ts', `${DEMO_DATA}/config/gateway-a.json`];
    const { pid } = spawn('node', args, { stdio: 'ignore', detached: true }).on('error', console.error);
    if (pid === undefined) throw new TypeError('gateway A does not start');
    writeFileSync(RESTARTED_PID_FILE, String(pid));
    await until(isAnswering);
  },
};

function readPid(): number {
  if (existsSync(RESTARTED_PID_FILE)) return Number(readFileSync(RESTARTED_PID_FILE, 'utf8'));
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
