import { expect, test, type Browser } from '@playwright/test';
import { LANGUAGES, words, type Words } from './catalogue.ts';
import { closeContexts } from './close-contexts.ts';
import { HOLDER, openCounter, stage } from './counter.ts';
import { gatewayA, gatewayB } from './demo.ts';
import {
  chooseResults,
  giveConsent,
  openConsent,
  openRequest,
  prepareRequest,
  registerResults,
  release,
  signRequest,
  STAFF,
  takeVisit,
} from './walk.ts';

test.afterEach(closeContexts);

/** Two desks in two hospitals: each a browser of its own. */
async function openDesks(browser: Browser, t: Words) {
  const open = async (origin: string) => {
    const page = await (await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' })).newPage();
    await openCounter(page, origin, t);
    return page;
  };
  return { a: await open(gatewayA), b: await open(gatewayB) };
}

for (const language of LANGUAGES) {
  const t = words[language];
  // A person for each language, so that neither story stands on the other's visits.
  const patient = language === 'ja' ? HOLDER.storyPatient : HOLDER.second;

  test(`the seven steps, in ${language}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const { a, b } = await openDesks(browser, t);
    await takeVisit(a, t, patient);
    await chooseResults(a, t, patient);
    await registerResults(a, t);

    await takeVisit(b, t, patient);
    await openConsent(b, t, patient);
    await giveConsent(b, t, patient);
    await prepareRequest(b, t);
    await signRequest(b, t);
    await expect(b.getByText(t.consultation.request.sent)).toBeVisible();
    await b.getByRole('button', { name: t.consultation.request.close }).last().click();

    await openRequest(a, t, patient);
    await release(a, t);

    await expect(
      stage(b)
        .getByText(/HbA1c ?\(NGSP\)/)
        .first(),
    ).toBeVisible({ timeout: 40_000 });
    await a.getByRole('tab', { name: t.requests.tabs.log }).click();
    await expect(stage(a).getByText(t.requests.log.delivered).first()).toBeVisible({ timeout: 40_000 });
  });

  test(`a request signed without the doctor's role is refused, in ${language}`, async ({ browser }) => {
    test.setTimeout(180_000);
    const { a, b } = await openDesks(browser, t);
    await takeVisit(a, t, HOLDER.fifth);
    await takeVisit(b, t, HOLDER.fifth);
    await openConsent(b, t, HOLDER.fifth);
    await giveConsent(b, t, HOLDER.fifth);
    await prepareRequest(b, t);
    await signRequest(b, t, STAFF.nurseAtB);
    await expect(stage(b).getByText(t.problems.hpki_role_not_allowed).first()).toBeVisible();
  });
}
