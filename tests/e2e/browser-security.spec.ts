import { expect, test, type BrowserContext, type Page, type Request, type Response } from '@playwright/test';
import { card } from '../../web/lib/i18n/ja/card.ts';
import { words } from './catalogue.ts';
import { closeContexts } from './close-contexts.ts';
import { HOLDER, openCounter, stage, touchCard } from './counter.ts';
import { gatewayA } from './demo.ts';
import { readEverythingKept } from './kept-by-browser.ts';
import { chooseResults, registerResults, takeVisit } from './walk.ts';

test.afterEach(closeContexts);

const t = words.ja;
/** A person whom no other test receives; none of this may be left lying about. */
const PATIENT = HOLDER.eighth;
const PERSONAL = ['糸井', '千代', 'イトイ', 'チヨ', '1959-09-03'];

const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Writes down what a browser context asks for, is answered, says and refuses. */
async function watch(context: BrowserContext) {
  const requests: string[] = [];
  const nakedAnswers: string[] = [];
  const said: string[] = [];
  const violations: string[] = [];
  const subjects = new Set<string>();

  context.on('request', (request: Request) => void requests.push(decodeURIComponent(request.url())));
  context.on('response', (response: Response) => {
    const headers = response.headers();
    const missing = Object.entries(HEADERS).filter(([name, value]) => headers[name] !== value);
    const permissions = headers['permissions-policy'] ?? '';
    if (missing.length > 0 || !/usb=\(self\)/.test(permissions) || !/nfc=\(self\)/.test(permissions)) {
      nakedAnswers.push(`${response.status()} ${response.url()}: ${missing.map(([name]) => name).join(' ')}`);
    }
    if (new URL(response.url()).pathname === '/api/visits' && response.request().method() === 'GET') {
      void response.text().then(
        (text) => [...text.matchAll(/"subject":"([^"]+)"/g)].forEach(([, subject]) => subjects.add(subject ?? '')),
        () => {},
      );
    }
  });
  context.on('console', (message) => void said.push(`${message.type()} ${message.text()}`));
  context.on('weberror', (error) => void said.push(`error ${String(error.error())}`));
  await context.exposeBinding('noteViolation', (_source, text: string) => void violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const { noteViolation } = window as unknown as { noteViolation: (text: string) => void };
      noteViolation(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return { requests, nakedAnswers, said, violations, subjects };
}

async function enter(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true });
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** One person is received and their results are registered; then every room is looked into. */
async function walk(page: Page): Promise<void> {
  await openCounter(page, gatewayA, t);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await takeVisit(page, t, PATIENT);
  await touchCard(page, PATIENT);
  await chooseResults(page, t, PATIENT);
  await registerResults(page, t);
  await enter(page, t.shell.consultation);
  await stage(page).getByRole('button', { name: PATIENT }).first().click();
  await expect(stage(page).getByText(/HbA1c/).first()).toBeVisible();
  for (const room of ['bedside', 'requests', 'exchange', 'verify', 'settings', 'card'] as const) {
    await enter(page, t.shell[room]);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  }
  await touchCard(page, PATIENT);
  await page.getByText(card.signedBy).first().waitFor();
  await touchCard(page, PATIENT);
  await enter(page, t.shell.reception);
}

test('a walk through the rooms asks nobody else, is refused nothing, and leaves nobody’s data lying about', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ locale: t.locale, timezoneId: 'Asia/Tokyo' });
  const seen = await watch(context);
  const page = await context.newPage();
  const first = await page.goto(gatewayA);
  const policy = first?.headers()['content-security-policy'] ?? '';
  expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/=]+'/);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);

  await walk(page);

  expect(seen.requests.length).toBeGreaterThan(50);
  expect(seen.requests.filter((url) => !/^(blob|data):/.test(url) && new URL(url).origin !== gatewayA)).toEqual([]);
  expect([...new Set(seen.nakedAnswers)]).toEqual([]);
  expect(seen.violations).toEqual([]);
  expect(seen.said.filter((line) => /^error|Content Security Policy|Trusted/.test(line))).toEqual([]);

  // Addresses and the console are read by others: proxies, helpers, screen recordings.
  expect(seen.subjects.size).toBeGreaterThan(0);
  const personal = [...PERSONAL, ...seen.subjects];
  const naming = (lines: readonly string[]) => lines.filter((line) => PERSONAL.some((word) => line.includes(word)));
  expect(naming(seen.requests)).toEqual([]);
  expect(naming(seen.said)).toEqual([]);
  expect(await page.evaluate(() => location.search + location.hash)).toBe('');

  // The disk is read by whoever takes the tablet. Synthetic cards, which the demonstration serves, are nobody.
  const kept = await page.evaluate(readEverythingKept);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.filter(({ place }) => /^cache [^ ]+ \/api\//.test(place)).map(({ place }) => place)).toEqual([]);
  const telling = kept.filter(
    ({ place, text }) => !/ \/demo\/cards\.json$/.test(place) && personal.some((word) => text.includes(word)),
  );
  expect(telling.map(({ place }) => place)).toEqual([]);

  // Strings are no pages: what would write one as HTML, or run one, is stopped by the browser.
  const attempts = await page.evaluate(async () => {
    // What the test's own call may do ends with it; from here on this is a script like any other.
    await new Promise((resolve) => setTimeout(resolve));
    const isRefused = (work: () => unknown) => {
      try {
        work();
        return false;
      } catch (error) {
        return error instanceof TypeError || error instanceof EvalError;
      }
    };
    return [
      isRefused(() => (document.createElement('div').innerHTML = '<b>hello</b>')),
      isRefused(() => (document.createElement('script').src = 'https://elsewhere.example/x.js')),
      isRefused(() => Reflect.construct(Function, ['return 1'])),
    ];
  });
  expect(attempts).toEqual([true, true, true]);
});
