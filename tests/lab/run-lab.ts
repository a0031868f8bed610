import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildPages } from './build-pages.ts';
import { LabCard } from './lab-card.ts';
import { type CheckOutcome, parseEvent } from './events.ts';
import { type Guest, startGuest } from './machine/guest.ts';
import { buildInitrd } from './machine/initrd.ts';
import { fetchKernel } from './machine/kernel.ts';
import type { Plan } from './plan.ts';

export interface LabOptions {
  /** Where the kernel is kept from run to run. */
  readonly cache: string;
  readonly checks: readonly string[];
  /** Whether the folder that host and guest share is kept. */
  readonly keeps: boolean;
}

export type LabCounts = Readonly<Record<CheckOutcome, number>>;

/** Boot, and then each check: an emulated processor on a busy machine takes its time. */
const BOOT_SECONDS = 300;
const CHECK_SECONDS = 240;

/**
 * Boots the guest, tells what it finds out, and counts it. A guest that ends before it has told everything fails what it
 * did not tell.
 *
 * @throws {LabError} `no_kernel`
 */
export async function runLab({ cache, checks, keeps }: LabOptions): Promise<LabCounts> {
  console.log('Preparing the machine …');
  const kernel = fetchKernel(resolve(cache));
  const initrd = buildInitrd(resolve(cache), kernel);
  const share = mkdtempSync(join(tmpdir(), 'lab-'));
  if (checks.some((name) => name.startsWith('chromium/'))) await buildPages(join(share, 'pages'));
  writePlan(share, { checks });
  const cardSocket = join(share, 'card.sock');
  const log = join(share, 'console.log');
  const timeoutSeconds = BOOT_SECONDS + checks.length * CHECK_SECONDS;
  console.log(`Booting it for ${checks.length} checks …`);
  const guest = startGuest({ kernel, initrd, share, cardSocket, log, timeoutSeconds });
  const stop = (): void => void guest.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await listen(guest, checks, new LabCard(cardSocket));
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await guest.stop();
    if (keeps) console.log(`What the guest said is in ${log}`);
    else rmSync(share, { recursive: true });
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

async function listen(guest: Guest, checks: readonly string[], card: LabCard): Promise<LabCounts> {
  const waiting = new Set(checks);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const line of guest.lines) {
    const event = parseEvent(line);
    if (event?.kind === 'begun') console.log(`· ${event.title}`);
    if (event?.kind === 'card') await card[event.action]();
    if (event?.kind !== 'ended') continue;
    waiting.delete(event.name);
    counts[event.outcome]++;
    const seconds = (event.durationMs / 1000).toFixed(1);
    console.log(`  ${MARKS[event.outcome]} ${event.name} (${seconds} s): ${event.detail}`);
  }
  await card.remove();
  for (const name of waiting) console.log(`  ${MARKS.failed} ${name}: the machine ended before`);
  return { ...counts, failed: counts.failed + waiting.size };
}

const MARKS: Readonly<Record<CheckOutcome, string>> = { passed: '✓', failed: '✗', skipped: '–' };
