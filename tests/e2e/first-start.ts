import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEMO_DATA, DEMO_PORT_BASE } from './demo.ts';

const PORT = DEMO_PORT_BASE + 150;

/** A gateway that never ran before and knows nothing of a demonstration, at an address that passkeys accept. */
export interface FirstStart {
  readonly origin: string;
  /** What it printed on its console for the first administrator. */
  readonly code: string;
  stop(): void;
}

/** The configuration of gateway A without its people, on a database of its own. */
export async function startFirst(): Promise<FirstStart> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-first-'));
  const origin = `http://localhost:${PORT}`;
  const { demoWorld: _, ...config } = JSON.parse(readFileSync(`${DEMO_DATA}/config/gateway-a.json`, 'utf8')) as {
    readonly demoWorld?: string;
    readonly [member: string]: unknown;
  };
  const path = join(folder, 'gateway.json');
  const own = {
    ...config,
    origin,
    listen: { host: '127.0.0.1', port: PORT },
    database: join(folder, 'gateway.sqlite'),
  };
  writeFileSync(path, JSON.stringify(absolute(own)));
  const child = spawn('node', ['--conditions=webusb-ccid:source', 'api/server.ts', path]);
  const code = await readCode(child);
  return {
    origin,
    code,
    stop() {
      child.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Paths of the copied configuration are relative to where it came from. */
function absolute(config: Record<string, unknown>): Record<string, unknown> {
  const from = resolve(DEMO_DATA, 'config');
  const fix = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith('.')) return resolve(from, value);
    if (Array.isArray(value)) return value.map(fix);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fix(inner)]));
  };
  return fix(config) as Record<string, unknown>;
}

function readCode(child: ChildProcess): Promise<string> {
  return new Promise((found, lost) => {
    let printed = '';
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      const code = /code: ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(printed)?.[1];
      if (code) found(code);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => lost(new TypeError(`the gateway ended: ${printed}`)));
  });
}
