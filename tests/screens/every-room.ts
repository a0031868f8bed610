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

/** The rooms that need no story; each is taken as a newcomer with every role finds it. */
const QUIET_ROOMS = ['bedside', 'exchange', 'card', 'verify', 'settings', 'components', 'access'] as const;

/** Walks through the app's own links where it can, so that whoever is signed in stays signed in. */
export async function takeQuietRooms(browser: Browser, page: Page, folder: string): Promise<void> {
  for (const room of QUIET_ROOMS) {
    const link = page.locator(`nav a[href="/${room}"]`);
    if (await link.isVisible()) await link.click();
    else await page.goto(new URL(`/${room}`, page.url()).href);
    await page.locator('main h1').first().waitFor();
    await takeInAllSizes(browser, page, { folder, name: room });
  }
}
