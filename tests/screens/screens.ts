import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { describeOperatorLink } from '#api/demo/operator.ts';
import { startNetwork } from '#api/demo/network.ts';
import { LANGUAGES, words, type Words } from '../e2e/catalogue.ts';
import { enrolCounter, HOLDER, openCounter, PERSON } from '../e2e/counter.ts';
import { buildApp } from '../run/build.ts';
import { requireBrowser } from '../run/browser.ts';
import { takeInAllSizes, takePagesByAddress, takeQuietRooms } from './every-room.ts';
import { composeMontage, type Picture } from './montage.ts';
import { walkStory, type Moment } from './story-walk.ts';

if (process.argv.includes('--help')) {
  console.log(`npm run screens [-- --all]

Walks the story and writes the pictures of docs/screens/.
--all   every room instead, in both languages, light and dark, on phone, tablet and desktop, below test-results/screens/`);
  process.exit(0);
}

const OUT = 'docs/screens';
const OUT_ALL = 'test-results/screens';
const TABLET = { width: 1180, height: 820 };
const PHONE = { width: 390, height: 844 };

/** The steps in the words of the picture that shows them all. */
const CAPTIONS: Readonly<Record<Moment, readonly [step: number, caption: string]>> = {
  reception: [1, 'カードで受付、保険の確認'],
  'reception-details': [2, '受診記録は記録簿に'],
  records: [3, '検査結果の登録'],
  'reception-elsewhere': [4, '別の地域で受診'],
  'consultation-consent': [5, 'カードで同意'],
  'consultation-request': [6, '医師がHPKIカードで署名'],
  requests: [7, '確認して開示'],
  consultation: [7, '結果が届く'],
};

const executablePath = requireBrowser();
await buildApp();
const dataDirectory = await mkdtemp(join(tmpdir(), 'tsunagi-screens-'));
const network = await startNetwork({ dataDirectory, inProcess: true, appDirectory: resolve('build') });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  if (process.argv.includes('--all')) await takeAll(browser);
  else await takeChosen(browser);
} finally {
  await browser.close();
  await network.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

/** A browser that nobody used here yet, and that keeps the app: from the second visit on it shows the app's own typeface. */
async function openWindow(browserOfWindow: Browser, t: Words, origin: string): Promise<Page> {
  const context = await browserOfWindow.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo', viewport: TABLET });
  const page = await context.newPage();
  await page.goto(origin);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  return page;
}

async function openDesks(browserOfDesks: Browser, t: Words) {
  const open = async (origin: string) => {
    const page = await openWindow(browserOfDesks, t, origin);
    await openCounter(page, origin, t);
    return page;
  };
  return { a: await open(network.origins['gateway-a']), b: await open(network.origins['gateway-b']) };
}

/** Every room in both languages: the quiet ones as they stand, the others along the story. */
async function takeAll(browserOfAll: Browser): Promise<void> {
  for (const language of LANGUAGES) {
    const folder = join(OUT_ALL, language);
    const t = words[language];
    const desks = await openDesks(browserOfAll, t);
    const newcomer = await openWindow(browserOfAll, t, network.origins['gateway-a']);
    await newcomer.goto(network.origins['gateway-a']);
    await newcomer.getByRole('button', { name: t.reception.setUpStart }).waitFor();
    await takeInAllSizes(browserOfAll, newcomer, { folder, name: 'first-start' });
    await takePagesByAddress(browserOfAll, newcomer, { folder, origin: network.origins['gateway-a'] });
    await enrolCounter(newcomer, network.origins['gateway-a'], t);
    await newcomer.getByRole('link', { name: t.shell.signIn, exact: true }).click();
    await newcomer.getByRole('button', { name: PERSON.everything }).waitFor();
    await takeInAllSizes(browserOfAll, newcomer, { folder, name: 'sign-in' });
    await takeInAllSizes(browserOfAll, desks.a, { folder, name: 'reception-empty' });
    await takeQuietRooms(browserOfAll, desks.a, folder);
    // A person for each language: nobody's story is in the other's pictures.
    const holder = language === 'ja' ? HOLDER.storyPatient : HOLDER.second;
    await walkStory(desks, t, (name, page) => takeInAllSizes(browserOfAll, page, { folder, name }), holder);
    for (const tab of ['log', 'policy'] as const) {
      await desks.a.getByRole('tab', { name: t.requests.tabs[tab] }).click();
      await takeInAllSizes(browserOfAll, desks.a, { folder, name: `requests-${tab}` });
    }
    const operator = await openWindow(browserOfAll, t, network.origins.east);
    const { origins } = network;
    await operator.goto(await describeOperatorLink({ dataDirectory, origins, now: () => new Date() }, 'east'));
    await operator.getByText('WEST').first().waitFor();
    await takeInAllSizes(browserOfAll, operator, { folder, name: 'exchange-operator' });
  }
  console.log(`Pictures below ${OUT_ALL}; *.sheet.png show a room in all sizes.`);
}

/** The few that the documentation shows: the story at a glance, and some in English, in the dark and on a phone. */
async function takeChosen(browserOfStory: Browser): Promise<void> {
  await mkdir(OUT, { recursive: true });
  const t = words.ja;
  const pictures: Picture[] = [];
  await walkStory(await openDesks(browserOfStory, t), t, async (moment, page) => {
    const [step, caption] = CAPTIONS[moment];
    pictures.push({ step, caption, png: await page.screenshot() });
    if (moment === 'reception') await keep(page, 'reception-ja-light');
    if (moment === 'requests') await keepInDark(page, 'requests-ja-dark');
    if (moment !== 'consultation') return;
    await keepInEnglish(page, 'consultation-en-light');
    await page.setViewportSize(PHONE);
    await keep(page, 'consultation-en-phone');
  });
  await writeFile(join(OUT, 'story.png'), await composeMontage(browserOfStory, pictures, 4));
}

async function keep(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

async function keepInDark(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await keep(page, name);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
}

async function keepInEnglish(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: '日本語' }).waitFor();
  await keep(page, name);
}
