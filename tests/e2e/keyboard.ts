import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any room has. */
const MOST_STOPS = 120;

/**
 * Presses Tab until the wanted thing has the focus, as somebody without a pointer does. Every stop on the way must be
 * seen: a ring around it, inside the window, and not wholly behind something else (WCAG 2.2 SC 2.4.7, 2.4.11).
 */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const target = wanted.first();
  await expect(target).toBeVisible();
  await expect(target).toBeEnabled();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    expect.soft(await page.evaluate(describeUnseenFocus), 'a stop that is not seen').toBe('');
  }
  throw new RangeError(`the Tab key does not lead to ${target.toString()}`);
}

/** Tab, then Enter, which presses buttons and follows links. */
export async function press(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('Enter');
}

/** Runs in the page: what has the focus and cannot be seen to have it; empty when all is well or nothing has it. */
function describeUnseenFocus(): string {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return '';
  const name = `${element.tagName} ${(element.innerText || element.title || element.id).slice(0, 24)}`;
  const isRinged = (candidate: Element | null, steps: number): boolean => {
    if (!candidate || steps === 0) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(candidate);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || isRinged(candidate.parentElement, steps - 1);
  };
  if (!isRinged(element, 3)) return `${name}: no ring`;
  const shown = element.closest('label') ?? element;
  const { left, right, top, bottom, width, height } = shown.getBoundingClientRect();
  if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) return `${name}: outside the window`;
  const points = [
    [0.5, 0.5],
    [0.1, 0.5],
    [0.9, 0.5],
    [0.5, 0.1],
    [0.5, 0.9],
  ] as const;
  const isSomewhereSeen = points.some(([x, y]) => {
    const hit = document.elementFromPoint(left + width * x, top + height * y);
    return hit !== null && (shown.contains(hit) || hit.contains(shown));
  });
  return isSomewhereSeen ? '' : `${name}: behind something else`;
}
