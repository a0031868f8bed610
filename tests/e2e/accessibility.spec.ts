import { expect, test, type Browser, type Page } from '@playwright/test';
import { administration } from '../../web/lib/i18n/ja/administration.ts';
import { bedside } from '../../web/lib/i18n/ja/bedside.ts';
import { card } from '../../web/lib/i18n/ja/card.ts';
import { staff } from '../../web/lib/i18n/ja/staff.ts';
import { verify } from '../../web/lib/i18n/ja/verify.ts';
import { words } from './catalogue.ts';
import { closeContexts } from './close-contexts.ts';
import { enrolCounter, HOLDER, openCounter, signIn, stage, touchCard } from './counter.ts';
import { exchangeEast, gatewayA, gatewayB } from './demo.ts';
import { expectNothingLost, expectUsable } from './usable.ts';
import {
  chooseResults,
  giveConsent,
  openConsent,
  openRequest,
  prepareRequest,
  registerResults,
  release,
  signRequest,
  takeVisit,
} from './walk.ts';

test.afterEach(closeContexts);

const t = words.ja;

/** A person whom no other test leads through the story. */
const PATIENT = HOLDER.sixth;

async function open(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    locale: t.locale,
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
    colorScheme: 'light',
  });
  return context.newPage();
}

/** Goes to a room and waits until it is there. */
async function enter(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true });
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
}

test('the rooms of the story, in every state that it leads through', async ({ browser }) => {
  // A minute on a quiet machine; a busy one takes its time.
  test.setTimeout(600_000);
  const [a, b] = [await open(browser), await open(browser)];
  await a.goto(gatewayA);
  await a.getByRole('button', { name: t.reception.setUpStart }).waitFor();
  await expectUsable(a, 'a device that is no terminal yet');
  await enrolCounter(a, gatewayA, t);
  await a.getByRole('link', { name: t.shell.signIn, exact: true }).click();
  await a.getByText(staff.simulated).waitFor();
  await expectUsable(a, 'sign-in');
  await a.getByRole('link', { name: t.shell.reception, exact: true }).click();
  await signIn(a, t);
  await takeVisit(a, t, PATIENT);
  await expectUsable(a, 'reception, a visit accepted');
  const details = async () => {
    await stage(a).getByRole('button', { name: PATIENT }).first().click();
    await a.getByRole('dialog').waitFor();
  };
  await details();
  await expectUsable(a, 'reception, details of a visit', { reopen: details });
  await a.keyboard.press('Escape');
  await touchCard(a, PATIENT);
  await touchCard(a, HOLDER.certificateRevoked);
  await stage(a).getByText(t.problems.certificate_revoked).waitFor();
  await expectUsable(a, 'reception, refused');
  await touchCard(a, HOLDER.certificateRevoked);
  await chooseResults(a, t, PATIENT);
  await expectUsable(a, 'records, results to be registered');
  await registerResults(a, t);

  await openCounter(b, gatewayB, t);
  await expectUsable(b, 'reception, empty');
  await enter(b, t.shell.consultation);
  await expectUsable(b, 'consultation, to choose from');
  await takeVisit(b, t, PATIENT);
  await openConsent(b, t, PATIENT);
  await expectUsable(b, 'consultation, consent');
  await giveConsent(b, t, PATIENT);
  await b.getByRole('button', { name: t.consultation.pickAll }).waitFor();
  await expectUsable(b, 'consultation, visits elsewhere');
  await prepareRequest(b, t);
  await expectUsable(b, 'consultation, a request');
  await signRequest(b, t);
  await b.getByText(t.consultation.request.sent).waitFor();
  await b.getByRole('button', { name: t.consultation.request.close }).last().click();

  await openRequest(a, t, PATIENT);
  await expectUsable(a, 'requests, one to decide');
  const refusal = async () => {
    await a.locator('main footer button').first().click();
    await a.getByRole('dialog').waitFor();
  };
  await refusal();
  await expectUsable(a, 'requests, a refusal', { reopen: refusal });
  await a.keyboard.press('Escape');
  await release(a, t);
  const result = stage(b)
    .getByText(/HbA1c ?\(NGSP\)/)
    .first();
  await result.waitFor();
  await expectUsable(b, 'consultation, results');
  for (const [tab, name] of [
    [t.requests.tabs.log, 'requests, the log'],
    [t.requests.tabs.policy, 'requests, the policy'],
  ] as const) {
    await a.getByRole('tab', { name: tab }).click();
    await a.getByRole('tabpanel').waitFor();
    await expectUsable(a, name);
  }
});

test('the other rooms, empty, filled, wrong, locked and without a network', async ({ browser }) => {
  // A minute on a quiet machine; a busy one takes its time.
  test.setTimeout(600_000);
  const page = await open(browser);
  await openCounter(page, gatewayA, t);
  await enter(page, t.shell.bedside);
  const add = async () => {
    await page.locator('main .actions button').last().click();
    await page.getByRole('dialog').waitFor();
  };
  await add();
  await expectUsable(page, 'bedside, a dialog', { reopen: add });
  const dialog = page.getByRole('dialog', { name: bedside.addTitle });
  await dialog.getByLabel(bedside.ward).fill('7');
  await dialog.getByLabel(bedside.bedName).fill('7-1');
  await dialog.getByRole('button', { name: bedside.add }).click();
  const bed = page.getByRole('button', { name: '7-1' });
  await bed.waitFor();
  await expectUsable(page, 'bedside, a ward');
  await bed.click();
  await touchCard(page, HOLDER.fourth);
  await page.getByRole('button', { name: bedside.moveIn, exact: true }).click();
  await page.getByRole('heading', { name: bedside.same }).waitFor();
  await expectUsable(page, 'bedside, the person who lies there');
  await touchCard(page, HOLDER.fourth);
  await touchCard(page, HOLDER.third);
  await page.getByRole('heading', { name: bedside.other }).waitFor();
  await expectUsable(page, 'bedside, the card of somebody else');
  await touchCard(page, HOLDER.third);

  await enter(page, t.shell.card);
  await page.getByText(card.empty).waitFor();
  await expectUsable(page, 'card, none');
  await touchCard(page, HOLDER.second);
  await page.getByText(card.signedBy).first().waitFor();
  await expectUsable(page, 'card, seen through');
  await touchCard(page, HOLDER.second);

  await enter(page, t.shell.verify);
  await expectUsable(page, 'verify, empty');
  await page.locator('input[type=file]').setInputFiles({
    name: 'receipt.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"record":"altered"}'),
  });
  await page.getByText(verify.bad).waitFor();
  await expectUsable(page, 'verify, a receipt that is wrong');

  await enter(page, t.shell.requests);
  await page.getByRole('tab').first().waitFor();
  await expectUsable(page, 'requests, none chosen');
  await enter(page, t.shell.exchange);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expectUsable(page, 'exchange, seen from a gateway');
  await enter(page, t.shell.settings);
  await page.getByRole('heading', { name: administration.lock }).waitFor();
  await expectUsable(page, 'settings');

  await enter(page, t.shell.reception);
  await page.context().setOffline(true);
  await page.getByText(t.shell.offline, { exact: true }).waitFor();
  await expectUsable(page, 'reception, offline');
  await touchCard(page, HOLDER.fifth);
  await stage(page).getByText(t.reception.kept, { exact: true }).waitFor();
  await expectUsable(page, 'reception, a visit kept');
  await enter(page, t.shell.consultation);
  await expectUsable(page, 'consultation, offline');
  await page.keyboard.press('Alt+Shift+L');
  await page.getByRole('heading', { name: staff.titles.locked }).waitFor();
  await expectUsable(page, 'locked, offline');
  await page.context().setOffline(false);

  for (const path of ['/components', '/access', '/nowhere']) {
    await page.goto(gatewayA + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectUsable(page, path);
  }
  const operator = await open(browser);
  await operator.goto(`${exchangeEast}/exchange`);
  await operator.getByRole('heading', { level: 1 }).waitFor();
  await expectUsable(operator, 'exchange, its own page');
});

/** 46 and 49 characters; the second has no place to break. */
const LONG = {
  name: 'じゅげむじゅげむごこうのすりきれかいじゃりすいぎょの すいぎょうまつうんらいまつふうらいまつ',
  kana: 'ジュゲムジュゲムゴコウノスリキレカイジャリスイギョノ スイギョウマツウンライマツフウライマツ',
  latin: 'Wolfeschlegelsteinhausenbergerdorffwelchevoraltern',
} as const;

test('the longest names break no list', async ({ browser }) => {
  test.setTimeout(300_000);
  const context = await browser.newContext({
    ...{ locale: t.locale, timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce', serviceWorkers: 'block' },
  });
  const page = await context.newPage();
  // What the server says of people, with other names.
  await page.route(/\/api\/(visit|beds|histories)/, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const body = text
      .replaceAll(/"name":"春野[^"]*"/g, `"name":"${LONG.name}"`)
      .replaceAll(/"kana":"ハルノ[^"]*"/g, `"kana":"${LONG.kana}"`)
      .replaceAll(/"name":"月島[^"]*"/g, `"name":"${LONG.latin}"`)
      .replaceAll(/"kana":"ツキシマ[^"]*"/g, `"kana":"${LONG.latin}"`);
    await route.fulfill({ response, body });
  });
  await openCounter(page, gatewayA, t);
  for (const holder of [HOLDER.insuranceExpired, HOLDER.twelfth]) {
    await touchCard(page, holder);
    await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
    await expectNothingLost(page, 'reception, a long name on the stage');
    await touchCard(page, holder);
  }
  await expectNothingLost(page, 'reception, long names in the queue');
  await stage(page).locator('.queue button').first().click();
  await page.getByRole('dialog').waitFor();
  await expectNothingLost(page, 'reception, details under a long name');
  await page.keyboard.press('Escape');
  await enter(page, t.shell.consultation);
  await stage(page).getByRole('button', { name: LONG.latin }).first().waitFor();
  await expectNothingLost(page, 'consultation, long names to choose from');
  await stage(page).getByRole('button', { name: LONG.latin }).first().click();
  await page.getByRole('button', { name: t.consultation.askConsent }).waitFor();
  await expectNothingLost(page, 'consultation, a chart under a long name');
  await enter(page, t.shell.bedside);
  await page.locator('main .actions button').last().click();
  const dialog = page.getByRole('dialog', { name: bedside.addTitle });
  await dialog.getByLabel(bedside.ward).fill('6');
  await dialog.getByLabel(bedside.bedName).fill('6-1');
  await dialog.getByRole('button', { name: bedside.add }).click();
  await page.getByRole('button', { name: '6-1' }).click();
  await touchCard(page, HOLDER.twelfth);
  await page.getByRole('button', { name: bedside.moveIn, exact: true }).click();
  await page.getByRole('heading', { name: bedside.same }).waitFor();
  await expectNothingLost(page, 'bedside, a long name in the bed');
  await page.getByRole('button', { name: bedside.back }).click();
  await page.getByRole('button', { name: '6-1' }).waitFor();
  await expectNothingLost(page, 'bedside, long names in the ward');
});
