import { expect, test, type Page } from '@playwright/test';
import { settings as en } from '../../web/lib/i18n/en/settings.ts';
import { settings as ja } from '../../web/lib/i18n/ja/settings.ts';
import { LANGUAGES, words, type Words } from './catalogue.ts';
import { enterPin, HOLDER, openCounter, stage, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';

const settingsWords = { ja, en } as const;

for (const language of LANGUAGES) {
  const t = words[language];
  const settings = settingsWords[language];

  test.describe(`ways of showing presence, ${language}`, () => {
    test.use({ locale: t.locale });

    /** Chooses on this device, and comes back to reception. */
    async function choose(page: Page, label: string, { shell }: Words): Promise<void> {
      await page.getByRole('link', { name: shell.settings, exact: true }).click();
      await page.getByText(label, { exact: true }).click();
      await page.getByRole('link', { name: shell.reception, exact: true }).click();
    }

    test('with the PIN: it is asked for at the visit', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await choose(page, settings.presenceChoices.pin, t);
      await touchCard(page, HOLDER.second);
      await expect(page.getByRole('dialog', { name: t.enrolment.authPin })).toBeVisible();
      await enterPin(page, '1234', t.enrolment.confirm);
      await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
    });

    test('past a simulated terminal: no PIN, and its word is checked', async ({ page }) => {
      await openCounter(page, gatewayA, t);
      await choose(page, settings.presenceChoices.terminal, t);
      await touchCard(page, HOLDER.fourth);
      await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
    });
  });
}
