import { expect, test, type Browser, type Page } from '@playwright/test';
import { words } from './catalogue.ts';
import { closeContexts } from './close-contexts.ts';
import { HOLDER, PERSON, stage } from './counter.ts';
import { gatewayA, gatewayB } from './demo.ts';
import { press, tabTo } from './keyboard.ts';
import { STAFF } from './walk.ts';

test.afterEach(closeContexts);

const t = words.ja;
/** A person whom no other test leads through the story. */
const PATIENT = HOLDER.seventh;
const PIN = '123456';

async function open(browser: Browser, origin: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' })).newPage();
  await page.goto(origin);
  await press(page, page.getByRole('button', { name: t.reception.setUpStart }));
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
  await press(page, page.getByRole('link', { name: t.shell.signIn, exact: true }));
  await press(page, page.getByRole('main').getByRole('button', { name: PERSON.everything }));
  await expect(page.getByRole('button', { name: t.shell.lock, exact: true })).toBeVisible();
  return page;
}

async function enter(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true });
  await press(page, link);
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** The hands of the demonstration are buttons too. */
const card = (page: Page, holder: RegExp) =>
  page.getByRole('button', { name: holder }).and(page.locator('[aria-pressed]'));

async function takeVisit(page: Page): Promise<void> {
  await enter(page, t.shell.reception);
  await press(page, card(page, PATIENT));
  await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
  await expect(stage(page).getByText(t.reception.places.log).first()).toBeVisible();
}

test('the seven steps with no key but Tab, Enter, Space, digits and arrows, and never a pointer', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const a = await open(browser, gatewayA);
  const main = (page: Page) => page.locator('main');

  // The way past the navigation is the first stop of every room.
  await a.reload();
  await expect(
    a.getByText(t.reception.place, { exact: true }).or(a.getByRole('heading').first()).first(),
  ).toBeVisible();
  await a.keyboard.press('Tab');
  await expect(a.getByRole('link', { name: t.shell.skipToContent })).toBeFocused();
  await a.keyboard.press('Enter');
  await expect(main(a)).toBeFocused();
  await press(a, a.getByRole('link', { name: t.shell.signIn, exact: true }));
  await press(a, a.getByRole('main').getByRole('button', { name: PERSON.everything }));

  await takeVisit(a);
  await enter(a, t.shell.records);
  await press(a, stage(a).getByRole('button', { name: PATIENT }));
  await press(a, a.getByRole('button', { name: t.records.sample }));
  await press(a, a.getByRole('button', { name: t.records.register, exact: true }));
  await expect(a.getByText(t.records.registered).first()).toBeVisible();

  const b = await open(browser, gatewayB);
  await takeVisit(b);
  await enter(b, t.shell.consultation);
  await press(b, stage(b).getByRole('button', { name: PATIENT }));
  await press(b, b.getByRole('button', { name: t.consultation.askConsent }));
  await expect(b.getByText(t.consultation.consent.title)).toBeVisible();
  // How long: a group of choices is one stop, and the arrows move in it.
  const choice = stage(b).locator('input[type=radio]:checked').first();
  await tabTo(b, choice);
  await b.keyboard.press('ArrowRight');
  await expect(choice).toBeFocused();
  await press(b, b.getByRole('button', { name: t.consultation.consent.agree, exact: true }));
  const patientCard = card(b, PATIENT).last();
  if ((await patientCard.getAttribute('aria-pressed')) !== 'true') await press(b, patientCard);

  await press(b, b.getByRole('button', { name: t.consultation.pickAll }));
  await press(b, b.getByRole('button', { name: t.consultation.ask }));
  await expect(b.getByText(t.consultation.request.title).first()).toBeVisible();
  await press(b, b.getByRole('button', { name: t.consultation.request.next }));
  await press(b, card(b, STAFF.doctorAtB));
  await expect(b.getByRole('button', { name: t.enrolment.confirm, exact: true })).toBeVisible();
  await b.keyboard.type(PIN);
  await press(b, b.getByRole('button', { name: t.enrolment.confirm, exact: true }));
  await expect(b.getByText(t.consultation.request.sent)).toBeVisible();
  await press(b, b.getByRole('button', { name: t.consultation.request.close }).last());

  await enter(a, t.shell.requests);
  await press(a, stage(a).getByRole('button', { name: PATIENT }));
  await expect(a.getByText(t.requests.checksPassed(13, 13))).toBeVisible();
  await press(a, a.getByRole('button', { name: t.requests.release, exact: true }));
  await expect(a.getByText(t.requests.states.released).first()).toBeVisible({ timeout: 40_000 });
  const result = stage(b).getByText(/HbA1c ?\(NGSP\)/);
  await expect(result.first()).toBeVisible({ timeout: 40_000 });
  // A value opens into its chart, and a closed chart gives the focus back.
  await tabTo(a, a.getByRole('tab', { selected: true }));
  await a.keyboard.press('ArrowRight');
  await expect(a.getByRole('tab', { name: t.requests.tabs.log })).toBeFocused();
  await expect(stage(a).getByText(t.requests.log.delivered).first()).toBeVisible({ timeout: 40_000 });
});
