import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';
import { words } from './catalogue.ts';
import { HOLDER, openCounter, stage, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';

const t = words.ja;

async function takeOffline(page: Page, holder: RegExp): Promise<void> {
  await touchCard(page, holder);
  await expect(stage(page).getByText(t.reception.kept, { exact: true })).toBeVisible();
  await touchCard(page, holder);
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
}

/** A page that has the shell, a terminal and a checkpoint, and no network any more. */
async function openOffline(page: Page): Promise<void> {
  await openCounter(page, gatewayA, t);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
  await page.context().setOffline(true);
}

test('a storage that the browser erased is said, with how many visits were in it', async ({ page }) => {
  await openOffline(page);
  await takeOffline(page, HOLDER.second);
  await takeOffline(page, HOLDER.third);

  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: gatewayA, storageTypes: 'indexeddb' });
  await page.reload();
  await expect(page.getByText(t.reception.storageLost(2))).toBeVisible();
  // Nobody has to find it out twice, and nobody misses it for a reload.
  await page.reload();
  await expect(page.getByText(t.reception.storageLost(2))).toBeVisible();
  await page.getByRole('button', { name: t.reception.understood }).click();
  await expect(page.getByText(t.reception.storageLost(2))).toHaveCount(0);
  await page.reload();
  await expect(page.getByText(t.reception.storageLostTitle)).toHaveCount(0);
});

/** Whether this origin can write anything now; asked on a page that is not the app. */
async function isFull(page: Page): Promise<boolean> {
  await page.goto(`${gatewayA}/manifest.webmanifest`);
  const failure = await page.evaluate(
    () =>
      new Promise<string | undefined>((resolve) => {
        const request = indexedDB.open('probe', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('probe');
        request.onerror = () => resolve(request.error?.name);
        request.onsuccess = () => {
          const transaction = request.result.transaction('probe', 'readwrite', { durability: 'strict' });
          transaction.onabort = () => resolve(transaction.error?.name);
          transaction.oncomplete = () => resolve(undefined);
          transaction.objectStore('probe').put(new Uint8Array(3000), 1);
        };
      }),
  );
  await page.goto('about:blank');
  return failure === 'QuotaExceededError';
}

test('a full device never says that a visit was kept', async ({ launchOptions }) => {
  // Browsers enforce quotas in lasting profiles only.
  const profile = mkdtempSync(join(tmpdir(), 'tsunagi-e2e-'));
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, locale: t.locale });
  try {
    const page = await context.newPage();
    await openCounter(page, gatewayA, t);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const session = await context.newCDPSession(page);
    await page.goto('about:blank');
    await session.send('Storage.overrideQuotaForOrigin', { origin: gatewayA, quotaSize: 1 });
    // A browser grants space ahead and takes it back when the origin has been closed for a while.
    await expect.poll(() => isFull(page), { intervals: [3_000], timeout: 30_000 }).toBe(true);

    await page.goto(gatewayA);
    await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
    await context.setOffline(true);
    await touchCard(page, HOLDER.fourth);
    await expect(stage(page).getByText(t.offlineErrors.storage_full)).toBeVisible();
    await expect(page.getByText(t.shell.allAccepted).first()).toBeVisible();
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

test('two tabs show the same visits and hand each over once', async ({ page }) => {
  await openOffline(page);
  const other = await page.context().newPage();
  await other.goto(gatewayA);
  await expect(other.getByText(t.reception.place, { exact: true })).toBeVisible();

  await takeOffline(page, HOLDER.fifth);
  await expect(other.getByText(t.shell.waiting(1)).first()).toBeVisible();
  const sent: string[] = [];
  page.context().on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/letters')) sent.push(request.postData() ?? '');
  });
  await page.context().setOffline(false);
  for (const tab of [page, other]) {
    await expect(tab.getByText(t.shell.allAccepted).first()).toBeVisible({ timeout: 60_000 });
  }
  // One letter; a tab that sends it again sends the same bytes.
  expect(new Set(sent).size).toBe(1);
});
