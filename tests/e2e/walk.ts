import { expect, type Page } from '@playwright/test';
import type { Words } from './catalogue.ts';
import { enterPin, HOLDER, stage, touchCard } from './counter.ts';

/** Staff of the demo world by their licence. */
export const STAFF = { doctorAtB: /風間/, nurseAtB: /General Nurse/ } as const;

const HPKI_PIN = '123456';

/** Goes to a room and waits until it is there: until then the old room would take the next click. */
async function room(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true });
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** Step 1 and 4: the patient's card opens a visit. */
export async function takeVisit(page: Page, t: Words, holder: RegExp = HOLDER.storyPatient): Promise<void> {
  await room(page, t.shell.reception);
  await touchCard(page, holder);
  await expect(stage(page).getByText(t.reception.accepted)).toBeVisible();
  await expect(stage(page).getByText(t.reception.places.log).first()).toBeVisible();
}

/** Step 3: the records clerk takes the sample of laboratory results, or a file, for the visit and looks at it. */
export async function chooseResults(page: Page, t: Words, holder: RegExp, file?: string): Promise<void> {
  await room(page, t.shell.records);
  await stage(page).getByRole('button', { name: holder }).first().click();
  if (file === undefined) await page.getByRole('button', { name: t.records.sample }).click();
  else await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText(t.records.nothingSentYet)).toBeVisible();
}

export async function registerResults(page: Page, t: Words): Promise<void> {
  await page.getByRole('button', { name: t.records.register, exact: true }).click();
  await expect(page.getByText(t.records.registered).first()).toBeVisible();
}

/** Step 5: the doctor opens the patient, the patient agrees with the card. */
export async function openConsent(page: Page, t: Words, holder: RegExp = HOLDER.storyPatient): Promise<void> {
  await room(page, t.shell.consultation);
  await stage(page).getByRole('button', { name: holder }).first().click();
  await page.getByRole('button', { name: t.consultation.askConsent }).click();
  await expect(page.getByText(t.consultation.consent.title)).toBeVisible();
}

export async function giveConsent(page: Page, t: Words, holder: RegExp = HOLDER.storyPatient): Promise<void> {
  await page.getByRole('button', { name: t.consultation.consent.agree, exact: true }).click();
  const card = page.getByRole('button', { name: holder }).and(page.locator('[aria-pressed]')).last();
  if ((await card.getAttribute('aria-pressed')) !== 'true') await card.click();
  await expect(page.getByRole('button', { name: t.consultation.ask })).toBeVisible();
}

/** Step 6: visits are picked, the request is read over. */
export async function prepareRequest(page: Page, t: Words): Promise<void> {
  await page.getByRole('button', { name: t.consultation.pickAll }).click();
  await page.getByRole('button', { name: t.consultation.ask }).click();
  await expect(page.getByText(t.consultation.request.title).first()).toBeVisible();
}

/** The signer's card and PIN; whether the request is accepted is for the caller to see. */
export async function signRequest(
  page: Page,
  t: Words,
  holder: RegExp = STAFF.doctorAtB,
  pin = HPKI_PIN,
): Promise<void> {
  await page.getByRole('button', { name: t.consultation.request.next }).click();
  await touchCard(page, holder);
  await enterPin(page, pin, t.enrolment.confirm);
}

/** Step 7 at A: the clerk opens the request, reads the checks, releases; undo is offered for ten seconds. */
export async function openRequest(page: Page, t: Words, holder: RegExp = HOLDER.storyPatient): Promise<void> {
  await room(page, t.shell.requests);
  await stage(page).getByRole('button', { name: holder }).first().click();
  await expect(page.getByText(t.requests.checksPassed(13, 13))).toBeVisible();
}

export async function release(page: Page, t: Words): Promise<void> {
  await page.getByRole('button', { name: t.requests.release, exact: true }).click();
  await expect(page.getByText(t.requests.states.released).first()).toBeVisible({ timeout: 40_000 });
}
