/** What runs in the guest: the checks that were asked for, one behind the other, told on the console. */
import { readFileSync } from 'node:fs';
import { type CheckOutcome, encodeEvent, type LabEvent } from '../events.ts';
import { LabError } from '../lab-error.ts';
import type { Plan } from '../plan.ts';
import { ALL_CHECKS } from './all-checks.ts';
import type { Check, Lab } from './check.ts';
import { closeChromium } from './chromium-checks.ts';
import { openUsbSockets } from './usb-sockets.ts';

/** Half a minute where the machine is left alone; others may use it too. */
const CHECK_MS = 1_200_000;

const tell = (event: LabEvent): void => console.log(encodeEvent(event));

/** What may be the machine's doing rather than the library's, and is worth a second look. */
const MAYBE_THE_MACHINE: ReadonlySet<string> = new Set(['program_died', 'nothing_happened']);

async function runCheck(check: Check, lab: Lab): Promise<void> {
  const { name, title } = check;
  tell({ kind: 'begun', name, title });
  const begun = performance.now();
  const end = (outcome: CheckOutcome, detail: string): void =>
    tell({ kind: 'ended', name, outcome, durationMs: Math.round(performance.now() - begun), detail });
  try {
    end('passed', await withSecondTry(() => inTime(check.run(lab))));
  } catch (error) {
    const isSkipped = error instanceof LabError && error.code === 'not_possible';
    if (isSkipped) end('skipped', error.detail);
    else end('failed', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** A check that passes at the second try says so, and why it did not at the first. */
async function withSecondTry(run: () => Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof LabError) || !MAYBE_THE_MACHINE.has(error.code)) throw error;
    return `${await run()}; at the second try, for at the first: ${error.message}`;
  }
}

/** @throws {LabError} `nothing_happened` */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = (): void => reject(new LabError('nothing_happened', `it was not over in ${CHECK_MS / 60_000} minutes`));
  const timer = setTimeout(late, CHECK_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

const plan = JSON.parse(readFileSync('/share/plan.json', 'utf8')) as Plan;
const sockets = await openUsbSockets();
for (const check of ALL_CHECKS)
  if (plan.checks.includes(check.name)) await runCheck(check, { sockets, tell, pages: '/share/pages' });
await closeChromium();
await sockets.close();
tell({ kind: 'done' });
process.exit(0);
