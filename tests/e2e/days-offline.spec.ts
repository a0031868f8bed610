import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { between, createSeededRandom } from '../chaos/seeded-random.ts';
import { words } from './catalogue.ts';
import { enrolCounter } from './counter.ts';
import { startDaysNetwork, type DaysNetwork } from './days/days-network.ts';
import { listWaiting, openReception, startTablet, tapCards, type Saying, type Tablet } from './days/tablet.ts';

const t = words.ja;
/** `DAYS_OFFLINE_VISITS=500 DAYS_OFFLINE_KILLS=20` is the whole of it. */
const VISITS = Number(process.env['DAYS_OFFLINE_VISITS'] ?? 60);
const KILLS = Number(process.env['DAYS_OFFLINE_KILLS'] ?? 4);
const SEED = Number(process.env['DAYS_OFFLINE_SEED'] ?? 7);
const DAYS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

test('three days without a network lose nothing that the screen said was kept', async () => {
  test.setTimeout(300_000 + VISITS * 1_500 + KILLS * 10_000);
  const random = createSeededRandom(SEED);
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-days-'));
  const profile = join(folder, 'profile');
  let network: DaysNetwork | undefined;
  let tablet: Tablet | undefined;
  let day = 0;
  let saidKept = 0;
  let saidFull = 0;
  /** Every submission that was seen in the outbox: what was said to be kept, and what a kill kept from being said. */
  const seen = new Set<string>();
  const onSaying = ({ said, waiting }: Saying) => {
    if (said === 'kept') saidKept += 1;
    else saidFull += 1;
    for (const id of waiting) seen.add(id);
  };

  /** Starts the tablet with the day's clock; what waited before is there. */
  async function begin(origin: string): Promise<Tablet> {
    tablet = await startTablet(profile, day * DAY_MS, onSaying);
    const waiting = await openReception(tablet.page, origin);
    for (const id of waiting) seen.add(id);
    return tablet;
  }

  /** Takes visits; the browser dies once in their middle, and the rest is taken by the next one. */
  async function takeAndKill(running: Tablet, visits: number, origin: string): Promise<Tablet> {
    const before = saidKept;
    const taking = tapCards(running.page, visits).catch(() => {});
    const atVisit = between(random, 0, visits - 1);
    await expect.poll(() => saidKept - before, { intervals: [5], timeout: 60_000 }).toBeGreaterThanOrEqual(atVisit);
    await new Promise((resolve) => setTimeout(resolve, between(random, 0, 250)));
    await running.kill();
    await taking;
    const next = await begin(origin);
    if (saidKept - before < visits) await tapCards(next.page, visits - (saidKept - before));
    return next;
  }

  try {
    network = await startDaysNetwork(folder);
    const { origin } = network;
    await network.startGateway();
    tablet = await startTablet(profile, 0, onSaying);
    await enrolCounter(tablet.page, origin, t);
    await waitForShell(tablet.page);
    await network.killGateway();
    await tablet.page.reload();

    const perDay = Math.floor(VISITS / DAYS);
    for (day = 0; day < DAYS; day++) {
      network.moveClock(day * DAY_MS);
      if (day > 0) {
        await tablet.context.close();
        tablet = await begin(origin);
      }
      const kills = Math.floor(KILLS / DAYS) + (day < KILLS % DAYS ? 1 : 0);
      const perKill = Math.floor(perDay / (kills + 1));
      for (let kill = 0; kill < kills; kill++) tablet = await takeAndKill(tablet, perKill, origin);
      const rest = perDay - kills * perKill;
      if (day === 1) await takeInTwoTabs(tablet, rest, origin);
      else await tapCards(tablet.page, rest);
      if (day === 1) await loseGatewayInTheMiddle(network, tablet, between(random, 1, Math.ceil(perDay / 2)));
    }
    day = DAYS - 1;

    // The device is full: the screen says so, and nothing is kept that was not said.
    await tablet.kill();
    tablet = await startTablet(profile, day * DAY_MS, onSaying);
    const session = await tablet.context.newCDPSession(tablet.page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    const before = await openReception(tablet.page, origin);
    for (const id of before) seen.add(id);
    await expect
      .poll(async () => (await tapCards(tablet!.page, 1), saidFull), { intervals: [1_000], timeout: 60_000 })
      .toBeGreaterThan(0);
    await session.send('Storage.overrideQuotaForOrigin', { origin });

    // The gateway is back with a newer app, which takes over while visits are on their way.
    network.publishUpdate();
    await network.startGateway();
    await tablet.page.reload();
    const reloaded = tablet.page.waitForEvent('load', { timeout: 60_000 });
    await tablet.page.getByRole('button', { name: t.shell.update }).click();
    await reloaded;
    await expect(tablet.page.getByText(t.shell.allAccepted).first()).toBeVisible({ timeout: 60_000 + VISITS * 500 });

    await expect
      .poll(() => tally(network!.received()), { timeout: 60_000 + VISITS * 500 })
      .toEqual({ recorded: seen.size });
    expect([...network.received().keys()].sort()).toEqual([...seen].sort());
    expect([...network.recorded()].sort()).toEqual([...seen].sort());
    expect(seen.size).toBeGreaterThanOrEqual(saidKept);
    expect(seen.size).toBeLessThanOrEqual(saidKept + KILLS + 1);
    console.log(`seed ${SEED}: ${saidKept} visits said to be kept, ${seen.size} arrived once, ${KILLS + 1} kills`);

    await loseStorage(network, tablet);
  } finally {
    await tablet?.context.close().catch(() => {});
    await network?.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  /** The browser throws the storage away: how many visits were in it stands on the screen, and they do not come. */
  async function loseStorage(network: DaysNetwork, { page, context }: Tablet): Promise<void> {
    const arrived = network.received().size;
    await network.killGateway();
    await page.reload();
    await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
    await tapCards(page, 3);
    const session = await context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: network.origin, storageTypes: 'indexeddb' });
    await page.reload();
    await expect(page.getByText(t.reception.storageLost(3))).toBeVisible();
    await network.startGateway();
    await page.reload();
    await expect(page.getByText(t.reception.storageLost(3))).toBeVisible();
    expect(network.received().size).toBe(arrived);
  }
});

/** The app controls its pages offline only once its service worker has the shell. */
async function waitForShell(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
}

/** Both tabs stand at the counter; each has its own reader. */
async function takeInTwoTabs({ page, context }: Tablet, visits: number, origin: string): Promise<void> {
  const other = await context.newPage();
  await openReception(other, origin);
  const half = Math.floor(visits / 2);
  await Promise.all([tapCards(page, visits - half), tapCards(other, half)]);
  const waiting = await listWaiting(page);
  for (const tab of [page, other]) await expect(tab.getByText(t.shell.waiting(waiting.length)).first()).toBeVisible();
  await other.close();
}

/** The gateway comes back, and dies after so many answers. */
async function loseGatewayInTheMiddle(network: DaysNetwork, { page }: Tablet, answers: number): Promise<void> {
  let count = 0;
  const enough = new Promise<void>((resolve) => {
    page.on('response', (response) => {
      const isAnswer = response.ok() && new URL(response.url()).pathname === '/api/letters';
      if (isAnswer && ++count === answers) resolve();
    });
  });
  await network.startGateway();
  await enough;
  await network.killGateway();
  const arrived = network.received().size;
  expect(arrived).toBeGreaterThanOrEqual(answers);
  await expect(page.getByText(t.shell.offline).first()).toBeVisible();
}

function tally(states: ReadonlyMap<string, string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const state of states.values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
