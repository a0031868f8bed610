import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { DialogueName } from '../client/dialogues.ts';
import { LabError } from '../lab-error.ts';

interface Line {
  readonly report?: string;
  readonly result?: unknown;
  readonly error?: string;
}

const PROGRAM = new URL('../client/node-client.ts', import.meta.url).pathname;
const TIMEOUT_MS = 900_000;

/**
 * Carries a dialogue out over node-usb, in a process of its own: node-usb waits for devices without letting anything
 * else run, and our devices live in this process.
 *
 * @throws {LabError} `program_failed`, `program_died`
 */
export async function converseInNode(
  name: DialogueName,
  vendorId: number,
  onReport: (what: string) => void = () => undefined,
): Promise<unknown> {
  const args = ['--conditions=webusb-ccid:source', PROGRAM, name, String(vendorId)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  for await (const text of createInterface({ input: child.stdout })) {
    const line = parseLine(text);
    if (line.report !== undefined) onReport(line.report);
    if (line.error !== undefined) throw new LabError('program_failed', `${name} over node-usb: ${line.error}`);
    if ('result' in line) return line.result;
  }
  const [code, signal] = (await exited) as [number | null, string | null];
  const end = `${name} over node-usb ended without a word, ${signal ?? `exit code ${code}`}: ${said.trim()}`;
  throw new LabError(signal ? 'program_died' : 'program_failed', end);
}

function parseLine(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    // What a library says on its own.
    return {};
  }
}
