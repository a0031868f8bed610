import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { composeMontage } from './montage.ts';

const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1280, height: 800 },
} as const;
const SCHEMES = ['light', 'dark'] as const;

/** A room as it stands, in every size and light: below `folder`, and together on one sheet for the eye. */
export async function takeInAllSizes(
  browser: Browser,
  page: Page,
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const before = page.viewportSize();
  const pictures = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await drawn(page);
      const png = await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size}.png`) });
      pictures.push({ caption: `${name} ${colorScheme} ${size}`, png });
    }
  }
  await writeFile(
    join(folder, `${name}.sheet.png`),
    await composeMontage(browser, pictures, Object.keys(SIZES).length),
  );
  await page.emulateMedia({ colorScheme: 'light' });
  if (before) await page.setViewportSize(before);
}

/** What a new size and light change is there with the frame after next. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** The rooms that need no story; each is taken as a newcomer with every role finds it. */
const QUIET_ROOMS = ['bedside', 'records', 'requests', 'exchange', 'card', 'verify', 'settings'] as const;

/** Walks through the app's own links, so that whoever is signed in stays signed in. */
export async function takeQuietRooms(browser: Browser, page: Page, folder: string): Promise<void> {
  for (const room of QUIET_ROOMS) {
    await page.locator(`nav a[href="/${room}"]`).click();
    await page.locator('main h1').first().waitFor();
    await takeInAllSizes(browser, page, { folder, name: room });
  }
}

/** What no link of the navigation leads to, as it is with nobody signed in. */
const BEHIND_NO_LINK = ['components', 'access'] as const;

/** Takes the pages that are found by their address, each in a window's first moment. */
export async function takePagesByAddress(
  browser: Browser,
  page: Page,
  { folder, origin }: { readonly folder: string; readonly origin: string },
): Promise<void> {
  for (const path of BEHIND_NO_LINK) {
    await page.goto(`${origin}/${path}`);
    await page.locator('main h1').first().waitFor();
    await takeInAllSizes(browser, page, { folder, name: path });
  }
}
