import { expect, test } from '@playwright/test';
import { VisitList } from '#api/contract/visits-api.ts';
import { LANGUAGES, words } from './catalogue.ts';
import { enrolCounter, enterPin, HOLDER, openCounter, signIn, stage, touchCard } from './counter.ts';
import { gatewayA, gatewayB } from './demo.ts';

for (const language of LANGUAGES) {
  const t = words[language];

  test.describe(language, () => {
    test.use({ locale: t.locale });

    test('a card without a PIN opens a visit, and the record reaches the log', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await touchCard(page, HOLDER.second);
      await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
      await expect(stage(page).getByText(t.reception.coverage.valid)).toBeVisible();
      await expect(stage(page).getByText(t.reception.places.log).first()).toBeVisible();
    });

    test('an insurance that has ended is said, with the visit recorded', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await touchCard(page, HOLDER.insuranceExpired);
      await expect(stage(page).getByText(t.reception.coverage.expired).first()).toBeVisible();
      await expect(stage(page).getByText(t.reception.coverageHints.expired)).toBeVisible();
    });

    test('a revoked certificate is refused', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await touchCard(page, HOLDER.certificateRevoked);
      await expect(stage(page).getByText(t.problems.certificate_revoked)).toBeVisible();
      await expect(stage(page).getByText(t.reception.accepted)).toHaveCount(0);
    });

    test('a card pulled away in the middle says what to do with the hands', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await page.getByRole('button', { name: t.simulation.pull }).click();
      await touchCard(page, HOLDER.third);
      await expect(stage(page).getByText(t.cardErrors.card_gone)).toBeVisible();
      await touchCard(page, HOLDER.third);
      await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
    });

    test('a presence proof that was used before is refused', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await touchCard(page, HOLDER.fourth);
      await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
      await page.getByRole('button', { name: t.simulation.replay }).click();
      await expect(page.getByText(t.problems.presence_replayed)).toBeVisible();
    });

    test('a new card is enrolled once with the PIN; a wrong PIN costs one try and says so', async ({ page }) => {
      // Bindings live at each exchange, so the same card is new once at A and once at B.
      await openCounter(page, language === 'ja' ? gatewayA : gatewayB, t);
      await touchCard(page, HOLDER.notEnrolled);
      await page.getByRole('button', { name: t.enrolment.begin }).click();
      await enterPin(page, '9999', t.enrolment.confirm);
      await expect(page.getByText(t.enrolment.wrong(2))).toBeVisible();
      await enterPin(page, '1234', t.enrolment.confirm);
      await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
    });
  });
}

test('a list that is cut says so, and the search has every visit of today', async ({ page }) => {
  const t = words.ja;
  // A day with more visits than a counter keeps, made of one.
  await page.route('**/api/visits?*', async (route) => {
    const response = await route.fetch();
    const { visits } = VisitList.parse(await response.json());
    const id = (index: number) => visits[0]?.submissionId.slice(0, -3) + index.toString(16).padStart(3, '0');
    const many = Array.from({ length: 500 }, (_, index) => ({ ...visits[0], submissionId: id(index) }));
    await route.fulfill({ response, json: { visits: visits.length > 0 ? many : [] } });
  });
  await enrolCounter(page, gatewayA, t);
  await touchCard(page, HOLDER.fourth);
  await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
  // Whoever signs in asks for the day's list at once.
  await signIn(page, t);
  await expect(page.getByText(t.reception.newestOnly)).toBeVisible();
  await page.getByRole('button', { name: t.reception.find }).click();
  const dialog = page.getByRole('dialog', { name: t.reception.find });
  await dialog.getByRole('button', { name: HOLDER.fourth }).first().click();
  await expect(page.getByRole('dialog', { name: t.reception.details })).toBeVisible();
  await expect(dialog).toHaveCount(0);
});
