import { readFile } from 'node:fs/promises';
import { expect, test, type Browser } from '@playwright/test';
import { verify } from '../../web/lib/i18n/ja/verify.ts';
import { words } from './catalogue.ts';
import { closeContexts } from './close-contexts.ts';
import { HOLDER, openCounter, stage } from './counter.ts';
import { exchangeEast, gatewayA } from './demo.ts';
import { takeVisit } from './walk.ts';

test.afterEach(closeContexts);

const t = words.ja;

/** The receipt of a visit, as the counter gives it to the patient. */
async function takeReceipt(browser: Browser): Promise<string> {
  const page = await (await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' })).newPage();
  await openCounter(page, gatewayA, t);
  await takeVisit(page, t, HOLDER.seventh);
  await stage(page).getByRole('button', { name: t.reception.next, exact: true }).click();
  await stage(page).getByRole('button', { name: HOLDER.seventh }).first().click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: t.reception.saveReceipt }).click();
  return readFile(await (await download).path(), 'utf8');
}

test('a device that is nobody’s terminal verifies a receipt without a network', async ({ browser }) => {
  const text = await takeReceipt(browser);
  for (const origin of [gatewayA, exchangeEast]) {
    const context = await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' });
    const page = await context.newPage();
    const keys = page.waitForResponse((response) => response.url() === `${origin}/evidence/trust.json`);
    await page.goto(`${origin}/verify`);
    await (await keys).finished();
    await expect(page.getByText(verify.noTrust)).toHaveCount(0);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.reload();

    const check = async (content: string) =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    await check(text);
    await expect(page.getByText(verify.good, { exact: true })).toBeVisible();
    await page.getByRole('button', { name: verify.another }).click();
    await check(JSON.stringify({ ...(JSON.parse(text) as object), salt: 'A'.repeat(43) }));
    await expect(page.getByText(verify.bad, { exact: true })).toBeVisible();
  }
});
