import { expect, type Page } from '@playwright/test';
import type { Words } from './catalogue.ts';

/** Opens the app on a device that was never here, and makes it a terminal. */
export async function openCounter(page: Page, origin: string, t: Words): Promise<void> {
  await page.goto(origin);
  await page.getByRole('button', { name: t.reception.setUpStart }).click();
  await expect(page.getByText(t.reception.place, { exact: true })).toBeVisible();
}

/** Lays a synthetic card on the simulated reader, or takes it off again: the same button does both. */
export async function touchCard(page: Page, holder: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: holder }).and(page.locator('[aria-pressed]')).click();
}

/** The stage at reception: what the patient and the clerk see. */
export const stage = (page: Page) => page.locator('main');

/** People of the demo world by their part in it. */
export const HOLDER = {
  storyPatient: /野々山/,
  second: /朝日/,
  third: /竹下/,
  fourth: /海老原/,
  fifth: /白石/,
  insuranceExpired: /春野/,
  certificateRevoked: /青空/,
  notEnrolled: /水瀬/,
} as const;

/** Types a PIN on the number pad and confirms it. */
export async function enterPin(page: Page, pin: string, confirmLabel: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: confirmLabel, exact: true }).click();
}
