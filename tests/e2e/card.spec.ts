import { expect, test, type Page } from '@playwright/test';
import { card as en } from '../../web/lib/i18n/en/card.ts';
import { card as ja } from '../../web/lib/i18n/ja/card.ts';
import { LANGUAGES, words } from './catalogue.ts';
import { enterPin, HOLDER, openCounter, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';

const inspectorWords = { ja, en } as const;

for (const language of LANGUAGES) {
  const t = words[language];
  const card = inspectorWords[language];

  test.describe(`card inspector, ${language}`, () => {
    test.use({ locale: t.locale });
    test.beforeEach(async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await page.getByRole('link', { name: t.shell.card, exact: true }).click();
      await expect(page.getByText(card.empty)).toBeVisible();
    });

    const main = (page: Page) => page.locator('main');

    test('a My Number Card is seen through, and no try is spent', async ({ page }) => {
      await touchCard(page, HOLDER.second);
      await expect(page.getByRole('heading', { name: card.devices.card })).toBeVisible();
      await expect(main(page).getByText(card.triesOf(3, 3)).first()).toBeVisible();
      await expect(main(page).getByText(card.triesOf(5, 5))).toBeVisible();
      await expect(main(page).getByText(card.purposes.jpkiAuthentication)).toBeVisible();
      await expect(main(page).getByText(card.signedBy).first()).toBeVisible();
      // How many there are depends on the sizes of the certificates.
      await main(page).locator('summary').click();
      await expect(page.getByRole('cell', { name: card.commandPurposes.askTries }).first()).toBeVisible();
      await expect(page.getByRole('cell', { name: card.commandPurposes.presentPin })).toHaveCount(0);
    });

    test('a number is shown after the PIN, and goes with the card', async ({ page }) => {
      await touchCard(page, HOLDER.third);
      await page.getByRole('button', { name: card.readMyNumber }).click();
      await enterPin(page, '9999', t.enrolment.confirm);
      await expect(page.getByText(t.enrolment.wrongText(2))).toBeVisible();
      await enterPin(page, '1234', t.enrolment.confirm);
      const number = main(page).getByText(/^\d{4} \d{4} \d{4}$/);
      await expect(number).toBeVisible();
      await touchCard(page, HOLDER.third);
      await expect(page.getByText(card.cardAway)).toBeVisible();
      await expect(number).toHaveCount(0);
    });

    test('an HPKI card names its holder and licence', async ({ page }) => {
      await touchCard(page, new RegExp(t.simulation.notes.doctor));
      await expect(page.getByRole('heading', { name: card.kinds.hpki, exact: true })).toBeVisible();
      await expect(
        main(page)
          .getByText(/Medical Doctor/)
          .first(),
      ).toBeVisible();
    });
  });
}
