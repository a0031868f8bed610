import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page } from '@playwright/test';
import { startNetwork } from '#api/demo/network.ts';
import { words } from '../tests/e2e/catalogue.ts';
import { enrolCounter, PERSON, signIn } from '../tests/e2e/counter.ts';
import { requireBrowser } from '../tests/run/browser.ts';
import { watchInteractions } from './list/interactions.ts';
import { writeVisits } from './list/many-visits.ts';
import { builtApp } from './report/built-app.ts';
import { report, say } from './report/report.ts';

/**
 * A hundred thousand visits in the records room: scrolled, walked by keyboard, searched, one opened, in a real Chromium
 * against a real gateway. The figure is the slowest interaction (INP of so few).
 */
const VISITS = 100_000;
const LIMIT_MS = 200;
const t = words.ja;

const dataDirectory = await mkdtemp(join(tmpdir(), 'tsunagi-bench-'));
const network = await startNetwork({ dataDirectory, inProcess: true, appDirectory: await builtApp() });
const browser = await chromium.launch({ executablePath: requireBrowser(), args: ['--no-sandbox'] });
try {
  await writeVisits(join(dataDirectory, 'database', 'gateway-a.sqlite'), VISITS, new Date());
  const context = await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  await enrolCounter(page, network.origins['gateway-a'], t);
  await signIn(page, t, PERSON.records);
  const start = performance.now();
  await page.getByRole('link', { name: t.shell.records, exact: true }).click();
  const list = page.getByRole('list', { name: t.records.recentVisits });
  await list.getByRole('button').first().waitFor();
  report({ name: 'first visits shown', value: performance.now() - start, unit: 'ms' });
  const readInteractions = await watchInteractions(page);
  await scroll(page);
  await list.locator(`[aria-setsize="${VISITS}"]`).first().waitFor({ timeout: 180_000 });
  report({ name: `all ${VISITS.toLocaleString('en')} visits there`, value: performance.now() - start, unit: 'ms' });

  await scroll(page);
  await walk(page);
  await search(page);
  await list.getByRole('button').nth(2).click();
  await expect(page.getByText(t.records.drop).first()).toBeVisible();

  const interactions = await readInteractions();
  const rows = await page.locator('main li').count();
  report({ name: 'rows in the page, of those', value: rows, unit: '' });
  const worst = interactions[0]?.ms ?? 0;
  report({ name: 'slowest interaction (INP)', value: worst, unit: 'ms', limit: LIMIT_MS });
  say(
    `    ${interactions
      .slice(0, 8)
      .map(({ name, ms }) => `${name} ${ms} ms`)
      .join(', ')}`,
  );
  if (worst >= LIMIT_MS || interactions.length === 0) process.exitCode = 1;
} finally {
  await browser.close();
  await network.stop();
  await rm(dataDirectory, { recursive: true, force: true });
}

/** The wheel over the list, far and near. */
async function scroll(page: Page): Promise<void> {
  await page.getByRole('list', { name: t.records.recentVisits }).getByRole('button').first().hover();
  for (const deltaY of [300, 900, 5_000, 90_000, 1_200_000, -40_000, 3_000, -5_000_000]) {
    await page.mouse.wheel(0, deltaY);
    await page.waitForTimeout(60);
  }
}

/** Row by row, page by page, to the last and back. */
async function walk(page: Page): Promise<void> {
  await page.getByRole('list', { name: t.records.recentVisits }).getByRole('button').first().focus();
  const keys = ['ArrowDown', 'ArrowDown', 'PageDown', 'PageDown', 'End', 'ArrowUp', 'PageUp', 'Home', 'ArrowDown'];
  for (const key of keys) await page.keyboard.press(key, { delay: 40 });
  const place = await page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset'));
  expect(place).toBe('2');
}

/** A name letter by letter, taken back, a birth date, and what nobody is called. */
async function search(page: Page): Promise<void> {
  const field = page.getByRole('searchbox', { name: t.records.search });
  await field.click();
  for (const typed of ['さとう ゆい', '1950-0', 'zzz', 'たなか']) {
    await page.keyboard.type(typed, { delay: 60 });
    await expect(page.getByRole('status').getByText(/\d件/).or(page.getByText(t.records.noMatch))).toHaveCount(
      typed === 'zzz' ? 2 : 1,
    );
    if (typed === 'たなか') return;
    for (let letter = 0; letter < typed.length; letter++) await page.keyboard.press('Backspace', { delay: 40 });
  }
}
