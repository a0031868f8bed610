import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { bedside } from '../../web/lib/i18n/ja/bedside.ts';
import { staff } from '../../web/lib/i18n/ja/staff.ts';
import { words } from './catalogue.ts';
import { HOLDER, openCounter, PERSON, stage, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';
import { listRecorded } from './visits-at-gateway.ts';
import { chooseResults, registerResults, takeVisit } from './walk.ts';

const t = words.ja;
const COPY = /この端末に残した写しです/;

async function enter(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true });
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** Without this the next reload would need the network. */
const shellIsKept = (page: Page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

test('what was read is there without a network, behind the lock, for whoever read it', async ({ page }) => {
  await openCounter(page, gatewayA, t);
  await shellIsKept(page);
  await page.reload();
  await page.getByRole('link', { name: t.shell.signIn, exact: true }).click();
  await page.getByRole('main').getByRole('button', { name: PERSON.everything }).click();
  await takeVisit(page, t, HOLDER.fourth);
  await chooseResults(page, t, HOLDER.fourth);
  await registerResults(page, t);
  await enter(page, t.shell.bedside);
  await page.locator('main .actions button').last().click();
  const dialog = page.getByRole('dialog', { name: bedside.addTitle });
  await dialog.getByLabel(bedside.ward).fill('8');
  await dialog.getByLabel(bedside.bedName).fill('8-1');
  await dialog.getByRole('button', { name: bedside.add }).click();
  await page.getByRole('button', { name: '8-1' }).click();
  await touchCard(page, HOLDER.fourth);
  await touchCard(page, HOLDER.fourth);
  await page.getByRole('button', { name: bedside.moveIn, exact: true }).click();
  await page.getByRole('heading', { name: bedside.same }).waitFor();
  await page.getByRole('button', { name: bedside.results }).click();
  await expect(stage(page).getByText(/HbA1c/).first()).toBeVisible();
  await page.getByRole('button', { name: bedside.back }).click();
  await expect(page.getByRole('button', { name: '8-1' })).toContainText('海老原');

  await page.context().setOffline(true);
  await page.reload();
  // Nobody is signed in: nothing of anybody is on the screen.
  await page.getByRole('heading', { name: staff.titles.nobody, exact: true }).waitFor();
  await expect(page.getByText('海老原')).toHaveCount(1);
  await page.getByRole('main').getByRole('button', { name: PERSON.everything }).click();
  await page.getByRole('button', { name: '8-1' }).click();
  await page.getByRole('button', { name: bedside.results }).click();
  await expect(stage(page).getByText(/HbA1c/).first()).toBeVisible();
  await expect(stage(page).getByText(COPY).first()).toBeVisible();

  await enter(page, t.shell.consultation);
  await stage(page).getByRole('button', { name: HOLDER.fourth }).first().click();
  await expect(stage(page).getByText(/HbA1c/).first()).toBeVisible();
  await expect(stage(page).getByText(COPY).first()).toBeVisible();
  await page.keyboard.press('Alt+Shift+L');
  await page.getByRole('heading', { name: staff.titles.locked }).waitFor();
  await expect(stage(page).getByText(/HbA1c/).filter({ visible: true })).toHaveCount(0);
});

/** What the browser does when the network is back and no window is open. */
async function sync(session: CDPSession): Promise<void> {
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(gatewayA) && !isDeleted);
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await found;
  await session.send('ServiceWorker.dispatchSyncEvent', {
    origin: gatewayA,
    registrationId,
    tag: 'tsunagi-outbox',
    lastChance: false,
  });
}

test('a visit that waits is handed over with no window open, and counted once when one opens', async ({ page }) => {
  const context = page.context();
  await openCounter(page, gatewayA, t);
  await shellIsKept(page);
  await page.reload();
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
  const before = await listRecorded();
  await context.setOffline(true);
  await touchCard(page, HOLDER.third);
  await expect(stage(page).getByText(t.reception.kept, { exact: true })).toBeVisible();
  const other = await context.newPage();
  await page.close();
  await context.setOffline(false);
  await sync(await context.newCDPSession(other));
  const recorded = async () => (await listRecorded()).filter((id) => !before.includes(id)).length;
  await expect.poll(recorded, { timeout: 30_000 }).toBe(1);

  await other.goto(gatewayA);
  await expect(other.getByText(t.shell.allAccepted).first()).toBeVisible({ timeout: 60_000 });
  expect(await recorded()).toBe(1);
});
