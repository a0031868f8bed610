import { chromium, expect, test, type BrowserContext, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { words } from './catalogue.ts';
import { HOLDER, openCounter, stage, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';
import { gatewayProcess } from './gateway-process.ts';
import { listRecorded } from './visits-at-gateway.ts';

const t = words.ja;

/** The app controls its pages offline only once its service worker has the shell. */
async function waitForShell(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.reload();
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
}

async function takeVisit(page: Page, holder: RegExp): Promise<void> {
  await touchCard(page, holder);
  await expect(stage(page).getByText(t.reception.kept, { exact: true })).toBeVisible();
  await touchCard(page, holder);
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
}

test('the app’s own files come from the cache, and no worker is woken for each of them', async ({ page }) => {
  await openCounter(page, gatewayA, t);
  await waitForShell(page);
  const sources = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => /\/_app\/immutable\/.*\.js$/.test(new URL(name).pathname))
      .map((entry) => (entry.toJSON() as { readonly workerFinalSourceType?: string }).workerFinalSourceType),
  );
  expect(sources.length).toBeGreaterThan(5);
  expect([...new Set(sources)]).toEqual(['cache']);
});

test.describe('with the gateway gone', () => {
  let profile: string;
  let context: BrowserContext;

  const open = async () => {
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      locale: t.locale,
      timezoneId: 'Asia/Tokyo',
      viewport: { width: 1180, height: 820 },
    });
    return context.pages()[0] ?? (await context.newPage());
  };

  test.beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), 'tsunagi-e2e-'));
  });

  test.afterEach(async () => {
    await context.close().catch(() => {});
    rmSync(profile, { recursive: true, force: true });
  });

  test('reception reloads, takes visits, says how many wait, and hands each over once when the gateway is back', async () => {
    let page = await open();
    await openCounter(page, gatewayA, t);
    await waitForShell(page);
    const before = await listRecorded();
    await gatewayProcess.kill();
    try {
      await page.reload();
      await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
      await takeVisit(page, HOLDER.second);
      await takeVisit(page, HOLDER.third);
      await expect(page.getByText(t.shell.waiting(2)).first()).toBeVisible();

      // The browser dies with both visits on the tablet only.
      await context.close();
      page = await open();
      await page.goto(gatewayA);
      await expect(page.getByText(t.shell.waiting(2)).first()).toBeVisible();
      await takeVisit(page, HOLDER.fifth);
      await expect(page.getByText(t.shell.waiting(3)).first()).toBeVisible();
    } finally {
      await gatewayProcess.start();
    }
    await expect(page.getByText(t.shell.allAccepted).first()).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(async () => (await listRecorded()).filter((id) => !before.includes(id)).length, { timeout: 60_000 })
      .toBe(3);
  });

  test('a tab killed the moment a visit is said to be kept loses nothing', async () => {
    let page = await open();
    await openCounter(page, gatewayA, t);
    await waitForShell(page);
    const before = await listRecorded();
    await gatewayProcess.kill();
    try {
      await page.reload();
      await touchCard(page, HOLDER.fourth);
      await stage(page).getByText(t.reception.kept, { exact: true }).waitFor();
      // No unload handler runs: the renderer is gone.
      await page.goto('chrome://crash').catch(() => {});
      await page.close().catch(() => {});
      page = await context.newPage();
      await page.goto(gatewayA);
      await expect(page.getByText(t.shell.waiting(1)).first()).toBeVisible();
    } finally {
      await gatewayProcess.start();
    }
    await expect(page.getByText(t.shell.allAccepted).first()).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(async () => (await listRecorded()).filter((id) => !before.includes(id)).length, { timeout: 60_000 })
      .toBe(1);
  });
});
