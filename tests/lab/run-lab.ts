import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildPages } from './build-pages.ts';
import { LabCard } from './lab-card.ts';
import { type CheckOutcome, parseEvent } from './events.ts';
import { type Guest, startGuest } from './machine/guest.ts';
import { buildInitrd } from './machine/initrd.ts';
import { fetchKernel, type Kernel } from './machine/kernel.ts';
import type { Plan } from './plan.ts';

export interface LabOptions {
  /** Where the kernel is kept from run to run. */
  readonly cache: string;
  readonly checks: readonly string[];
  /** Whether the folder that host and guest share is kept. */
  readonly keeps: boolean;
  /** When it is to end, whether everything was told or not: what was not told then is left out. */
  readonly limitMinutes: number | undefined;
}

export type LabCounts = Readonly<Record<CheckOutcome, number>>;

/** Boot, and then each check: an emulated processor on a busy machine takes its time. */
const BOOT_SECONDS = 300;
const CHECK_SECONDS = 300;

/** An emulated machine may die of its emulation: what it did not tell is asked of another one, once. */
const BOOTS = 2;

/**
 * Boots the guest, tells what it finds out, and counts it. Checks that were never told of have failed, unless the time
 * was up.
 *
 * @throws {LabError} `no_kernel`
 */
export async function runLab({ cache, checks, keeps, limitMinutes }: LabOptions): Promise<LabCounts> {
  const timeUp = limitMinutes === undefined ? undefined : AbortSignal.timeout(limitMinutes * 60_000);
  console.log('Preparing the machine …');
  const kernel = fetchKernel(resolve(cache));
  const initrd = buildInitrd(resolve(cache), kernel);
  const share = mkdtempSync(join(tmpdir(), 'lab-'));
  if (checks.some((name) => name.startsWith('chromium/'))) await buildPages(join(share, 'pages'));
  const told = new Map<string, CheckOutcome>();
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  timeUp?.addEventListener('abort', interrupt, { once: true });
  try {
    for (let boot = 1; boot <= BOOTS && told.size < checks.length && !interrupted.signal.aborted; boot++) {
      if (boot > 1) console.log('The machine ended before everything was told.');
      const left = checks.filter((name) => !told.has(name));
      console.log(`Booting it for ${left.length} ${left.length === 1 ? 'check' : 'checks'} …`);
      writePlan(share, { checks: left });
      await bootOnce({ kernel, initrd, share, boot, interrupted: interrupted.signal }, left.length, told);
    }
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    if (keeps) console.log(`What the machine said is in ${share}`);
    else rmSync(share, { recursive: true });
  }
  tellOfTheRest(checks, told, timeUp?.aborted ? limitMinutes : undefined);
  const count = (outcome: CheckOutcome): number => [...told.values()].filter((own) => own === outcome).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

function tellOfTheRest(
  checks: readonly string[],
  told: Map<string, CheckOutcome>,
  minutesUp: number | undefined,
): void {
  const outcome: CheckOutcome = minutesUp === undefined ? 'failed' : 'skipped';
  const reason = minutesUp === undefined ? 'the machine ended before' : `not reached in ${minutesUp} minutes`;
  for (const name of checks.filter((check) => !told.has(check))) {
    told.set(name, outcome);
    console.log(`  ${MARKS[outcome]} ${name}: ${reason}`);
  }
}

interface Boot {
  readonly kernel: Kernel;
  readonly initrd: string;
  readonly share: string;
  readonly boot: number;
  readonly interrupted: AbortSignal;
}

async function bootOnce(
  { kernel, initrd, share, boot, interrupted }: Boot,
  count: number,
  told: Map<string, CheckOutcome>,
): Promise<void> {
  const cardSocket = join(share, `card-${boot}.sock`);
  const log = join(share, `console-${boot}.log`);
  const timeoutSeconds = BOOT_SECONDS + count * CHECK_SECONDS;
  const guest = startGuest({ kernel, initrd, share, cardSocket, log, timeoutSeconds });
  const stop = (): void => void guest.stop();
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    await listen(guest, new LabCard(cardSocket), told);
  } finally {
    interrupted.removeEventListener('abort', stop);
    await guest.stop();
  }
}

function writePlan(share: string, plan: Plan): void {
  writeFileSync(join(share, 'plan.json'), JSON.stringify(plan));
  copyFileSync(new URL('machine/start.sh', import.meta.url), join(share, 'start.sh'));
  // The guest has the host's files at the host's places.
  const main = new URL('inside/main.ts', import.meta.url).pathname;
  const line = `cd '${process.cwd()}' && '${process.execPath}' --conditions=webusb-ccid:source '${main}' 2>&1\n`;
  writeFileSync(join(share, 'run.sh'), line);
}

async function listen(guest: Guest, card: LabCard, told: Map<string, CheckOutcome>): Promise<void> {
  for await (const line of guest.lines) {
    const event = parseEvent(line);
    if (event?.kind === 'begun') console.log(`· ${event.title}`);
    if (event?.kind === 'card') await card[event.action]();
    if (event?.kind !== 'ended') continue;
    told.set(event.name, event.outcome);
    const seconds = (event.durationMs / 1000).toFixed(1);
    console.log(`  ${MARKS[event.outcome]} ${event.name} (${seconds} s): ${event.detail}`);
  }
  await card.remove();
}

const MARKS: Readonly<Record<CheckOutcome, string>> = { passed: '✓', failed: '✗', skipped: '–' };
