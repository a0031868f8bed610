import { expect, test } from '@playwright/test';
import { bedside as en } from '../../web/lib/i18n/en/bedside.ts';
import { bedside as ja } from '../../web/lib/i18n/ja/bedside.ts';
import { LANGUAGES, words } from './catalogue.ts';
import { HOLDER, openCounter, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';

const bedsideWords = { ja, en } as const;

for (const language of LANGUAGES) {
  const t = words[language];
  const bedside = bedsideWords[language];

  test.describe(`the bedside, ${language}`, () => {
    test.use({ locale: t.locale });

    test('whose bed, tap, last results; the card of somebody else is said', async ({ page }) => {
      const bed = `9-${language}`;
      await openCounter(page, gatewayA, t);
      await page.getByRole('link', { name: t.shell.bedside, exact: true }).click();
      await page.getByRole('button', { name: bedside.add }).click();
      const dialog = page.getByRole('dialog', { name: bedside.addTitle });
      await dialog.getByLabel(bedside.ward).fill('9');
      await dialog.getByLabel(bedside.bedName).fill(bed);
      await dialog.getByRole('button', { name: bedside.add }).click();

      await page.getByRole('button', { name: bed }).click();
      await touchCard(page, HOLDER.second);
      await page.getByRole('button', { name: bedside.moveIn, exact: true }).click();
      await expect(page.getByRole('heading', { name: bedside.same })).toBeVisible();
      await page.getByRole('button', { name: bedside.results }).click();
      await expect(page.getByText(bedside.noResults).or(page.getByRole('table')).first()).toBeVisible();

      await touchCard(page, HOLDER.second);
      await touchCard(page, HOLDER.third);
      await expect(page.getByRole('heading', { name: bedside.other })).toBeVisible();
      await page.getByRole('button', { name: bedside.back }).click();
      await expect(page.getByRole('button', { name: bed })).toContainText('朝日');
    });
  });
}
