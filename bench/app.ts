import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startNetwork } from '#api/demo/network.ts';
import { words } from '../tests/e2e/catalogue.ts';
import { HOLDER, openCounter, stage, touchCard } from '../tests/e2e/counter.ts';
import { requireBrowser } from '../tests/run/browser.ts';
import { builtApp } from './report/built-app.ts';
import { report } from './report/report.ts';

/**
 * What the app costs a newcomer: compressed JavaScript of the first load of reception, and the time from laying a card
 * down to its coverage on the screen.
 */
const JAVASCRIPT_LIMIT_BYTES = 120 * 1024;
const TAPS = 5;
const t = words.ja;

const dataDirectory = await mkdtemp(join(tmpdir(), 'tsunagi-bench-'));
const network = await startNetwork({ dataDirectory, inProcess: true, appDirectory: await builtApp() });
const browser = await chromium.launch({ executablePath: requireBrowser(), args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo', serviceWorkers: 'block' });
  const page = await context.newPage();
  const bytes = await measureJavaScript(page);
  report({ name: 'first load, JavaScript, compressed', value: bytes, unit: 'bytes', limit: JAVASCRIPT_LIMIT_BYTES });
  await openCounter(page, network.origins['gateway-a'], t);
  const times: number[] = [];
  for (let tap = 0; tap < TAPS; tap++) times.push(await measureTap(page));
  times.sort((left, right) => left - right);
  report({ name: 'card laid down to coverage shown, median', value: times[Math.floor(TAPS / 2)] ?? 0, unit: 'ms' });
} finally {
  await browser.close();
  await network.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

/** Bytes on the wire of every script the first page asks for, as the server compresses them. */
async function measureJavaScript(page: Page): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    sizes.push(
      response
        .request()
        .sizes()
        .then(({ responseBodySize }) => responseBodySize),
    );
  });
  await page.goto(network.origins['gateway-a']);
  await page.getByRole('button', { name: t.reception.setUpStart }).waitFor();
  page.removeAllListeners('response');
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function measureTap(page: Page): Promise<number> {
  const start = performance.now();
  await touchCard(page, HOLDER.second);
  await stage(page).getByText(t.reception.coverage.valid).first().waitFor();
  const took = performance.now() - start;
  await touchCard(page, HOLDER.second);
  await page.getByText(t.reception.place, { exact: true }).waitFor();
  return took;
}
