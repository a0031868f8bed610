import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, type BrowserContext, type Page } from '@playwright/test';
import { words } from '../catalogue.ts';

const t = words.ja;

/** What the screen said of one tap, and which submissions lay in the outbox when it did. */
export interface Saying {
  readonly said: 'kept' | 'full';
  readonly waiting: readonly string[];
}

/** A tablet at the counter: a browser with a lasting profile, that can be killed and started again. */
export interface Tablet {
  readonly context: BrowserContext;
  readonly page: Page;
  /** SIGKILL of the browser's own process: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
}

/**
 * @param clockOffsetMs how far the tablet's clock is from the machine's
 * @param onSaying told at once, so that a kill takes nothing back that was on the screen
 */
export async function startTablet(
  profile: string,
  clockOffsetMs: number,
  onSaying: (saying: Saying) => void,
): Promise<Tablet> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    locale: t.locale,
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1180, height: 820 },
  });
  await context.addInitScript(shiftClock, clockOffsetMs);
  await context.addInitScript(offerOutbox);
  await context.exposeFunction('tellTest', onSaying);
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    async kill() {
      const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
      process.kill(browserPid(profile), 'SIGKILL');
      await closed;
    },
  };
}

/** `Date` alone is off: timers go on as they are. */
function shiftClock(offsetMs: number): void {
  const Real = Date;
  const now = () => Real.now() + offsetMs;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: unknown[]) => Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}

/** Chromium's lock on its profile is a link to `host-pid`. */
function browserPid(profile: string): number {
  const lock = join(profile, 'SingletonLock');
  if (!existsSync(lock) && !lstatSync(lock, { throwIfNoEntry: false }))
    throw new TypeError('no browser has this profile');
  return Number(readlinkSync(lock).split('-').at(-1));
}

/** Lays cards on the simulated reader, one after the other, as fast as the screen follows. */
export function tapCards(page: Page, times: number): Promise<void> {
  return page.evaluate(tapInPage, {
    times,
    holders: ['朝日', '竹下', '海老原', '白石', '野々山'],
    kept: t.reception.kept,
    full: t.offlineErrors.storage_full,
    place: t.reception.place,
    next: t.reception.next,
  });
}

interface Taps {
  readonly times: number;
  readonly holders: readonly string[];
  readonly kept: string;
  readonly full: string;
  readonly place: string;
  readonly next: string;
}

/** Runs in the page: only presses what a hand could press, and reads what an eye could read. */
async function tapInPage({ times, holders, kept, full, place, next }: Taps): Promise<void> {
  const hands = globalThis as unknown as TestHands;
  const stage = () => document.querySelector('main section.stage')?.textContent ?? '';
  const button = (text: string, within: string) =>
    [...document.querySelectorAll<HTMLButtonElement>(within)].find((each) => each.textContent?.includes(text));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 4));
  };
  for (let tap = 0; tap < times; tap++) {
    const findCard = () => button(holders[tap % holders.length] ?? '', 'button[aria-pressed]');
    // The cards come behind the room.
    await until(() => findCard() !== undefined);
    const card = findCard();
    card?.click();
    await until(() => stage().includes(kept) || stage().includes(full));
    const said = stage().includes(kept) ? 'kept' : 'full';
    await hands.tellTest({ said, waiting: await hands.readOutbox() });
    card?.click();
    await until(() => card?.getAttribute('aria-pressed') !== 'true');
    await until(() => {
      button(next, 'main button')?.click();
      return stage().includes(place);
    });
  }
}

/** What the page gets from the test, beside the app. */
interface TestHands {
  readonly tellTest: (saying: Saying) => Promise<void>;
  readonly readOutbox: () => Promise<readonly string[]>;
}

/** Lets the page tell which submissions lie in the outbox; reads and never writes. */
function offerOutbox(): void {
  const readOutbox = () =>
    new Promise<IDBValidKey[]>((resolve, reject) => {
      const opening = indexedDB.open('tsunagi');
      opening.onerror = () => reject(new TypeError(String(opening.error)));
      opening.onsuccess = () => {
        const reading = opening.result.transaction('outbox').objectStore('outbox').getAllKeys();
        reading.onsuccess = () => {
          opening.result.close();
          resolve(reading.result);
        };
      };
    });
  Object.assign(globalThis, { readOutbox });
}

/** The submissions that wait on the tablet now, as its database has them. */
export const listWaiting = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as unknown as TestHands).readOutbox());

/** Opens reception, and waits until the screen says how many visits wait: as many as the database has. */
export async function openReception(page: Page, origin: string): Promise<readonly string[]> {
  await page.goto(origin);
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
  const waiting = await listWaiting(page);
  const status = waiting.length > 0 ? t.shell.waiting(waiting.length) : t.shell.allAccepted;
  await expect(page.getByText(status).first()).toBeVisible();
  return waiting;
}
