import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { findOverflow, findSmallTargets, findUnseenFocus } from './visible-faults.ts';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The smallest thing that a finger finds, in CSS pixels. */
const SMALLEST_TARGET = 44;

/** What must be left of the screen for the room itself. */
const SMALLEST_ROOM = 120;

/** The tablet of the other tests at 200 % zoom, and the narrowest width of WCAG 2.2 SC 1.4.10. */
const SMALL_SCREENS = [
  { width: 590, height: 410 },
  { width: 320, height: 640 },
] as const;

interface Options {
  /** Opens again what lies over the way to the other language: a dialog is closed for it and must be looked at twice. */
  readonly reopen?: () => Promise<void>;
}

/**
 * Holds the screen as it stands, in both languages, to what people with other eyes and hands need: axe in the light and
 * in the dark, targets that fingers find, focus that is seen, and nothing cut off or lost at 200 % zoom and on a small
 * phone. `state` names it in a report.
 */
export async function expectUsable(page: Page, state: string, { reopen }: Options = {}): Promise<void> {
  await expectUsableNow(page, state);
  if (reopen) await page.keyboard.press('Escape');
  await changeLanguage(page);
  await reopen?.();
  await expectUsableNow(page, `${state}, the other language`);
  if (reopen) await page.keyboard.press('Escape');
  await changeLanguage(page);
  await reopen?.();
}

async function expectUsableNow(page: Page, state: string): Promise<void> {
  expect.soft(await axe(page), state).toEqual([]);
  expect.soft(await page.evaluate(findSmallTargets, SMALLEST_TARGET), `${state}: targets`).toEqual([]);
  // Browsers draw focus for people who use keys.
  await page.keyboard.press('Shift');
  expect.soft(await page.evaluate(findUnseenFocus), `${state}: focus`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await drawn(page);
  expect.soft(await axe(page, ['color-contrast']), `${state}: dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNothingLost(page, state);
}

/** Nothing is cut off, sticks out or leaves no room: on the screen as it is, at 200 % zoom, and on a small phone. */
export async function expectNothingLost(page: Page, state: string): Promise<void> {
  const size = page.viewportSize();
  for (const screen of [...(size ? [size] : []), ...SMALL_SCREENS]) {
    await page.setViewportSize(screen);
    await drawn(page);
    const faults = await page.evaluate(findOverflow, SMALLEST_ROOM);
    expect.soft(faults, `${state}: ${screen.width} × ${screen.height}`).toEqual([]);
  }
  if (size) await page.setViewportSize(size);
}

/** Media queries are answered with the next frame, and what follows from them is drawn with the one after it. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** The button in the status bar, which names the other language in itself. */
async function changeLanguage(page: Page): Promise<void> {
  const button = page.locator('header button[lang]');
  const language = (await button.getAttribute('lang')) ?? '';
  await button.click();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/** What axe finds, as `rule: where`; all of our standards, or a few rules. */
async function axe(page: Page, rules?: string[]): Promise<readonly string[]> {
  // Brought into a page once; half a megabyte each time would be most of the work.
  const isThere = await page.evaluate('"axe" in window');
  const builder = new AxeBuilder({ page, ...(isThere ? { axeSource: 'void 0' } : {}) }).setLegacyMode();
  builder.options({ preload: false, resultTypes: ['violations'] });
  const { violations } = await (rules ? builder.withRules(rules) : builder.withTags(STANDARDS)).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  );
}
