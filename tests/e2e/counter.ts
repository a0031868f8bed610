import { expect, type Page } from '@playwright/test';
import type { Words } from './catalogue.ts';

/** The demonstration's staff by their part in it. */
export const PERSON = {
  everything: /体験 ひとり/,
  reception: /受付 はるか/,
  doctor: /医師 たける/,
  records: /記録 しおり/,
  administrator: /管理 つかさ/,
} as const;

/** Opens the app on a device that was never here, makes it a terminal, and signs in whoever may do everything. */
export async function openCounter(page: Page, origin: string, t: Words): Promise<void> {
  await enrolCounter(page, origin, t);
  await signIn(page, t);
}

/** A device that was never here becomes a terminal at which nobody is signed in. */
export async function enrolCounter(page: Page, origin: string, t: Words): Promise<void> {
  await page.goto(origin);
  const start = page.getByRole('button', { name: t.reception.setUpStart });
  const place = page.getByText(t.reception.place, { exact: true });
  await expect(start.or(place).first()).toBeVisible();
  // A busy machine may drop the first request; the button is there to be pressed again.
  await expect(async () => {
    if (await start.isVisible()) await start.click({ timeout: 15_000 });
    await expect(place).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
}

/** One click, where the demonstration offers it. */
export async function signIn(page: Page, t: Words, person: RegExp = PERSON.everything): Promise<void> {
  await page.getByRole('link', { name: t.shell.signIn, exact: true }).click();
  await page.getByRole('main').getByRole('button', { name: person }).click();
  await expect(page.getByRole('button', { name: t.shell.lock, exact: true })).toBeVisible();
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
  sixth: /桜庭/,
  seventh: /小鳥遊/,
  eighth: /糸井/,
  twelfth: /月島/,
  insuranceExpired: /春野/,
  certificateRevoked: /青空/,
  notEnrolled: /水瀬/,
} as const;

/** Types a PIN on the number pad and confirms it. */
export async function enterPin(page: Page, pin: string, confirmLabel: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: confirmLabel, exact: true }).click();
}
