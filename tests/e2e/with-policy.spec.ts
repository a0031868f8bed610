import { expect, test, type Browser, type Page } from '@playwright/test';
import { access } from '../../web/lib/i18n/ja/access.ts';
import { documents } from '../../web/lib/i18n/ja/documents.ts';
import { policy } from '../../web/lib/i18n/ja/policy.ts';
import { words } from './catalogue.ts';
import { closeContexts } from './close-contexts.ts';
import { HOLDER, openCounter, stage, touchCard } from './counter.ts';
import { gatewayA, gatewayB } from './demo.ts';
import {
  giveConsent,
  openConsent,
  prepareRequest,
  registerResults,
  release,
  signRequest,
  STAFF,
  takeVisit,
} from './walk.ts';

test.afterEach(closeContexts);

const t = words.ja;
const patient = HOLDER.fourth;

async function openDesk(browser: Browser, origin: string) {
  const page = await (await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' })).newPage();
  page.setDefaultTimeout(40_000);
  await openCounter(page, origin, t);
  return page;
}

/** Goes to a room and waits until it is there: until then the old room would take the next click. */
async function room(page: Page, name: string) {
  const link = page.getByRole('link', { name, exact: true });
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
}

async function registerSample(page: Page, kind: string) {
  await room(page, t.shell.records);
  await stage(page).getByRole('button', { name: patient }).first().click();
  await page.getByText(kind, { exact: true }).last().click();
  await page.getByRole('button', { name: t.records.sample }).click();
  await expect(page.getByText(t.records.nothingSentYet)).toBeVisible();
  await registerResults(page, t);
  await page.getByRole('button', { name: t.records.next }).click();
}

test('a policy that was tried lets letters, prescriptions and scans go', async ({ browser }) => {
  test.setTimeout(400_000);
  const [a, b] = [await openDesk(browser, gatewayA), await openDesk(browser, gatewayB)];
  await takeVisit(a, t, patient);
  for (const kind of ['紹介状', '処方', '添付文書']) await registerSample(a, kind);
  await takeVisit(b, t, patient);

  // Without consent first: the alarm.
  await room(b, t.shell.consultation);
  await stage(b).getByRole('button', { name: patient }).first().click();
  await b.getByRole('button', { name: t.consultation.emergency.start }).click();
  await stage(b).getByRole('checkbox').first().check();
  for (const box of await stage(b).getByRole('checkbox').all()) await box.check();
  await b.getByLabel(t.consultation.emergency.reason).fill('意識がなく、家族とも連絡がとれない');
  await signRequest(b, t);
  await expect(b.getByText(t.consultation.request.sent)).toBeVisible();
  await touchCard(b, STAFF.doctorAtB);
  await room(a, t.shell.requests);
  await a.getByRole('button', { name: t.requests.alarm.open }).click();
  await a.getByRole('button', { name: t.requests.alarm.acknowledge }).click();
  // Signed with whoever is signed in.
  await expect(a.getByText(/さんが警報を確認しました/).first()).toBeVisible();
  await release(a, t);
  await b.getByRole('button', { name: t.consultation.request.close }).last().click();
  await expect(stage(b).getByText('アムロジピン錠5mg').first()).toBeVisible({ timeout: 40_000 });
  await expect(stage(b).getByText('診療情報提供書').first()).toBeVisible();
  await expect(stage(b).locator('canvas')).toBeVisible();
  await b.getByRole('button', { name: documents.prescription.dispense }).click();
  await b.getByRole('button', { name: documents.prescription.confirm, exact: true }).click();
  await expect(stage(b).getByText(documents.prescription.states.confirmed).first()).toBeVisible({ timeout: 40_000 });

  // A policy, tried before it is saved.
  await a.getByRole('tab', { name: t.requests.tabs.policy }).click();
  await a.getByRole('button', { name: policy.edit, exact: true }).click();
  await a.getByRole('dialog').getByText(policy.effects.release, { exact: true }).click();
  await a.getByRole('button', { name: '完了', exact: true }).click();
  await a.getByRole('button', { name: policy.test }).click();
  await expect(a.getByText(policy.testChanged(1)).or(a.getByText(/件は今のきまりと結果が変わります/))).toBeVisible();
  await a.getByRole('button', { name: policy.save, exact: true }).click();
  await expect(a.getByText(policy.saved(1))).toBeVisible();

  await openConsent(b, t, patient).catch(async () => {
    await b.getByRole('button', { name: t.consultation.askConsent }).click();
  });
  await b.getByText(t.consultation.consent.title).waitFor();
  await giveConsent(b, t, patient);
  await prepareRequest(b, t);
  await touchCard(b, patient);
  await signRequest(b, t);
  await expect(b.getByText(t.consultation.request.sent)).toBeVisible();
  await touchCard(b, STAFF.doctorAtB);
  await a.getByRole('tab', { name: t.requests.tabs.log }).click();
  await expect(stage(a).getByText(t.requests.log.policy(1)).first()).toBeVisible({ timeout: 40_000 });
});

test('a patient sees who read their history, and takes the consent back', async ({ browser }) => {
  test.setTimeout(240_000);
  const b = await openDesk(browser, gatewayB);
  await takeVisit(b, t, HOLDER.third);
  await openConsent(b, t, HOLDER.third);
  await b.getByRole('button', { name: t.consultation.consent.agree, exact: true }).click();
  await expect(
    stage(b)
      .getByText(/同意の期限：/)
      .first(),
  ).toBeVisible();
  await touchCard(b, HOLDER.third);
  await b.getByRole('button', { name: t.consultation.changePatient }).click();
  await b.getByRole('link', { name: access.title }).click();
  await b.getByRole('button', { name: access.start }).click();
  await touchCard(b, HOLDER.third);
  await expect(stage(b).getByText(access.historyRead)).toBeVisible();
  await expect(stage(b).getByText(access.notVerified)).toHaveCount(0);
  await touchCard(b, HOLDER.third);
  await b.getByRole('button', { name: access.withdraw.title }).click();
  await b.getByRole('button', { name: access.withdraw.agree }).click();
  await touchCard(b, HOLDER.third);
  await expect(stage(b).getByText(access.withdraw.done).first()).toBeVisible();
});
