import type { Browser } from '@playwright/test';

/**
 * After a test that opened contexts of its own: pages left open go on asking a gateway that the next test kills, and fail
 * that one in their place.
 */
export async function closeContexts({ browser }: { readonly browser: Browser }): Promise<void> {
  for (const context of browser.contexts()) {
    for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }
}
