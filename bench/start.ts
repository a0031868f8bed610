import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startNetwork } from '#api/demo/network.ts';
import { words } from '../tests/e2e/catalogue.ts';
import { enrolCounter } from '../tests/e2e/counter.ts';
import { requireBrowser } from '../tests/run/browser.ts';
import { builtApp } from './report/built-app.ts';
import { report } from './report/report.ts';
import { EMPTY_READY, serveEmptyPage } from './start/empty-page.ts';

/**
 * How long reception takes to be ready when the app starts without a network from what the browser keeps, against an
 * empty SvelteKit page that starts the same way in the same browser.
 */
const STARTS = 9;
const RATIO_LIMIT = 2;
const t = words.ja;

const dataDirectory = await mkdtemp(join(tmpdir(), 'tsunagi-bench-'));
const network = await startNetwork({ dataDirectory, inProcess: true, appDirectory: await builtApp() });
const empty = await serveEmptyPage();
const browser = await chromium.launch({ executablePath: requireBrowser(), args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' });
  await context.addInitScript(noteReady, [t.reception.place, EMPTY_READY]);
  const ours = await context.newPage();
  await enrolCounter(ours, network.origins['gateway-a'], t);
  const theirs = await context.newPage();
  await theirs.goto(empty.origin);
  for (const page of [ours, theirs]) {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    // What comes through the service worker is there without a network.
    await measure(page);
  }
  await context.setOffline(true);
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let start = -1; start < STARTS; start++) {
    const measured = { ours: await measure(ours), theirs: await measure(theirs) };
    // The first start fills what the browser keeps between starts.
    if (start < 0) continue;
    times.ours.push(measured.ours);
    times.theirs.push(measured.theirs);
  }
  const limit = RATIO_LIMIT * median(times.theirs);
  report({ name: 'empty page, warm offline start, median', value: median(times.theirs), unit: 'ms' });
  report({ name: 'reception ready, warm offline start, median', value: median(times.ours), unit: 'ms', limit });
} finally {
  await browser.close();
  await empty.close();
  await network.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

/**
 * Milliseconds from the start of the navigation, by the page's own clock, until the words stand on the stage. Ends when the
 * page has come to rest: what it fetches behind the words is no part of the next start.
 */
async function measure(page: Page): Promise<number> {
  await page.bringToFront();
  await page.reload({ waitUntil: 'commit' });
  const readyAt = await page.evaluate(() => (globalThis as unknown as { readyAt: Promise<number> }).readyAt);
  await page.waitForLoadState('networkidle');
  return readyAt;
}

/** Runs in each page before its own scripts: notes when one of the words stands on the stage. */
function noteReady(words: readonly string[]): void {
  const readyAt = new Promise<number>((resolve) => {
    const look = () => {
      const text = document.querySelector('main section.stage')?.textContent ?? '';
      if (!words.some((word) => text.includes(word))) return;
      observer.disconnect();
      resolve(performance.now());
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  });
  Object.assign(globalThis, { readyAt });
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
