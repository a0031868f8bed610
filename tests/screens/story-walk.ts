import type { Page } from '@playwright/test';
import type { Words } from '../e2e/catalogue.ts';
import { HOLDER } from '../e2e/counter.ts';
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
} from '../e2e/walk.ts';

/** A moment of the story that is worth a picture, by the room in which it happens. */
export type Moment =
  | 'reception'
  | 'reception-details'
  | 'records'
  | 'reception-elsewhere'
  | 'consultation-consent'
  | 'consultation-request'
  | 'requests'
  | 'consultation';

/** Walks the story between the desks of two hospitals, and stops wherever there is something to see. */
export async function walkStory(
  { a, b }: { readonly a: Page; readonly b: Page },
  t: Words,
  see: (moment: Moment, page: Page) => Promise<void>,
  holder: RegExp = HOLDER.storyPatient,
): Promise<void> {
  await takeVisit(a, t, holder);
  await see('reception', a);
  await a.locator('main').getByRole('button', { name: holder }).first().click();
  await a.getByRole('dialog').waitFor();
  await see('reception-details', a);
  await a.keyboard.press('Escape');
  await chooseResults(a, t, holder);
  await see('records', a);
  await registerResults(a, t);

  await takeVisit(b, t, holder);
  await see('reception-elsewhere', b);
  await openConsent(b, t, holder);
  await see('consultation-consent', b);
  await giveConsent(b, t, holder);
  await prepareRequest(b, t);
  await signRequest(b, t);
  await b.getByText(t.consultation.request.sent).waitFor();
  await see('consultation-request', b);
  await b.getByRole('button', { name: t.consultation.request.close }).last().click();

  await openRequest(a, t, holder);
  await see('requests', a);
  await release(a, t);
  await b
    .getByText(/HbA1c ?\(NGSP\)/)
    .first()
    .waitFor();
  await see('consultation', b);
}
