import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { administration } from '../../web/lib/i18n/ja/administration.ts';
import { staff as staffWords } from '../../web/lib/i18n/ja/staff.ts';
import { words } from './catalogue.ts';
import { enrolCounter, HOLDER, openCounter, PERSON, signIn, stage, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';
import { startFirst, type FirstStart } from './first-start.ts';

const t = words.ja;
const room = (page: Page, name: string) => page.getByRole('link', { name, exact: true });

/** A platform authenticator with user verification and `prf`, as tablets have. */
async function plugInAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    },
  });
}

test.describe('a first start', () => {
  let first: FirstStart;
  test.beforeAll(async () => {
    first = await startFirst();
  });
  test.afterAll(() => first.stop());

  test('leads from nothing to the counter, and the passkey opens it again, also without a network', async ({
    page,
  }) => {
    await plugInAuthenticator(page);
    await page.goto(first.origin);
    await expect(page.getByRole('heading', { name: administration.setUpTitle })).toBeVisible();
    await page.getByLabel(administration.setUpCode).fill(first.code.toLowerCase());
    await page.getByRole('button', { name: administration.next }).click();
    await page.getByLabel(administration.name, { exact: true }).fill('院長 花子');
    await page.getByRole('button', { name: administration.makePasskey }).click();
    await expect(page.getByRole('heading', { name: administration.setUpReader })).toBeVisible();
    await page.getByRole('button', { name: administration.later }).click();
    await page.getByRole('button', { name: administration.toReception }).click();
    await expect(page.getByText(t.reception.noReader)).toBeVisible();

    const sign = page.getByRole('button', { name: /院長 花子/ });
    await page.getByRole('button', { name: t.shell.lock, exact: true }).click();
    await room(page, t.shell.signIn).click();
    await sign.click();
    await expect(page.getByRole('button', { name: t.shell.lock, exact: true })).toBeVisible();
    await room(page, t.shell.settings).click();
    await expect(page.getByText(administration.vaultPasskey)).toBeVisible();

    await page.keyboard.press('Alt+Shift+L');
    await expect(page.getByRole('button', { name: t.shell.lock, exact: true })).toHaveCount(0);
    await page.context().setOffline(true);
    await room(page, t.shell.signIn).click();
    await sign.click();
    await expect(page.getByText(t.shell.offlineOnly)).toBeAttached();
    await page.context().setOffline(false);
  });
});

test('everybody sees the rooms of their role, and nobody else’s opens by its address', async ({ page }) => {
  await enrolCounter(page, gatewayA, t);
  for (const name of [t.shell.consultation, t.shell.requests, t.shell.records]) {
    await expect(room(page, name)).toHaveCount(0);
  }
  await signIn(page, t, PERSON.records);
  await expect(room(page, t.shell.requests)).toBeVisible();
  await expect(room(page, t.shell.consultation)).toHaveCount(0);
  await page.goto(`${gatewayA}/consultation`);
  await expect(page.getByText(staffWords.forRoom(t.shell.consultation))).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: PERSON.records }).click();
  await expect(page.getByText(staffWords.roleMissing(t.shell.consultation))).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: PERSON.doctor }).click();
  await expect(room(page, t.shell.consultation)).toHaveAttribute('aria-current', 'page');
  await expect(page.getByText(staffWords.roleMissing(t.shell.consultation))).toHaveCount(0);
});

test('a counter takes visits with nobody signed in, and shows nobody’s', async ({ page }) => {
  await enrolCounter(page, gatewayA, t);
  await touchCard(page, HOLDER.second);
  await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
  await expect(page.getByText(t.reception.today)).toHaveCount(0);
  await signIn(page, t, PERSON.reception);
  await expect(page.getByText(t.reception.today)).toBeVisible();
});

test('the lock hides the room, and the same person finds it as it was; all tabs lock', async ({ page, context }) => {
  await openCounter(page, gatewayA, t);
  await room(page, t.shell.records).click();
  const row = page.locator('main > .room:not([hidden])');
  await expect(row).toBeVisible();
  const other = await openTab(context);
  await expect(other.getByRole('button', { name: t.shell.lock, exact: true })).toBeVisible();
  await page.keyboard.press('Alt+Shift+L');
  await expect(page.getByRole('heading', { name: staffWords.titles.locked })).toBeVisible();
  await expect(row).toHaveCount(0);
  await expect(other.getByRole('button', { name: t.shell.lock, exact: true })).toHaveCount(0);
  await page.getByRole('main').getByRole('button', { name: PERSON.everything }).click();
  await expect(row).toBeVisible();
  await expect(other.getByRole('button', { name: t.shell.lock, exact: true })).toBeVisible();
});

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(gatewayA);
  return page;
}
