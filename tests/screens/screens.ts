import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { startNetwork } from '#api/demo/network.ts';
import { words } from '../e2e/catalogue.ts';
import { HOLDER, openCounter } from '../e2e/counter.ts';
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
import { buildApp } from '../run/build.ts';
import { requireBrowser } from '../run/browser.ts';
import { composeMontage, type Picture } from './montage.ts';

if (process.argv.includes('--help')) {
  console.log('npm run screens — walks the story and writes the pictures of docs/screens/');
  process.exit(0);
}

const OUT = 'docs/screens';
const TABLET = { width: 1180, height: 820 };
const PHONE = { width: 390, height: 844 };
const t = words.ja;

const executablePath = requireBrowser();
await buildApp();
const dataDirectory = await mkdtemp(join(tmpdir(), 'tsunagi-screens-'));
const network = await startNetwork({ dataDirectory, inProcess: true, appDirectory: resolve('build') });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
await mkdir(OUT, { recursive: true });
try {
  await writeFile(join(OUT, 'story.png'), await composeMontage(browser, await walk(browser)));
} finally {
  await browser.close();
  await network.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

async function openDesk(browserOfDesk: Browser, origin: string): Promise<Page> {
  const context = await browserOfDesk.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo', viewport: TABLET });
  const page = await context.newPage();
  await openCounter(page, origin, t);
  return page;
}

/** The story once, a picture at each step; a few of them also in English, in the dark and on a phone. */
async function walk(browserOfStory: Browser): Promise<readonly Picture[]> {
  const a = await openDesk(browserOfStory, network.origins['gateway-a']);
  const b = await openDesk(browserOfStory, network.origins['gateway-b']);
  const pictures: Picture[] = [];
  const take = async (step: number, page: Page, caption: string) =>
    pictures.push({ step, caption, png: await page.screenshot() });

  await takeVisit(a, t);
  await take(1, a, 'カードで受付、保険の確認');
  await keep(a, 'reception-ja-light');
  await a.getByRole('button', { name: HOLDER.storyPatient }).first().click();
  await a.getByRole('dialog').waitFor();
  await take(2, a, '受診記録は記録簿に');
  await a.keyboard.press('Escape');
  await chooseResults(a, t, HOLDER.storyPatient);
  await take(3, a, '検査結果の登録');
  await registerResults(a, t);

  await takeVisit(b, t);
  await take(4, b, '別の地域で受診');
  await openConsent(b, t);
  await take(5, b, 'カードで同意');
  await giveConsent(b, t);
  await prepareRequest(b, t);
  await signRequest(b, t);
  await b.getByText(t.consultation.request.sent).waitFor();
  await take(6, b, '医師がHPKIカードで署名');
  await b.getByRole('button', { name: t.consultation.request.close }).last().click();

  await openRequest(a, t);
  await take(7, a, '確認して開示');
  await keepInDark(a, 'requests-ja-dark');
  await release(a, t);
  await b
    .getByText(/HbA1c ?\(NGSP\)/)
    .first()
    .waitFor();
  await take(7, b, '結果が届く');
  await keepInEnglish(b, 'consultation-en-light');
  await b.setViewportSize(PHONE);
  await keep(b, 'consultation-en-phone');
  return pictures;
}

async function keep(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

async function keepInDark(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await keep(page, name);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function keepInEnglish(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: '日本語' }).waitFor();
  await keep(page, name);
}
