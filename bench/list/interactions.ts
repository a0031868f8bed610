import type { Page } from '@playwright/test';

/** One press, tap or key, from the hand to the next picture on the screen (Event Timing API, Interaction to Next Paint). */
export interface Interaction {
  readonly name: string;
  readonly ms: number;
}

/** The shortest event that the browser tells of, milliseconds; what it does not tell of was quicker. */
const TOLD_FROM_MS = 16;

/** Begins to note interactions in a page; answers how to read those noted so far, the slowest first. */
export async function watchInteractions(page: Page): Promise<() => Promise<readonly Interaction[]>> {
  await page.evaluate((durationThreshold) => {
    const slowest = new Map<number, { name: string; ms: number }>();
    const note = (list: PerformanceObserverEntryList) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        if (!entry.interactionId) continue;
        const known = slowest.get(entry.interactionId);
        if (!known || entry.duration > known.ms) {
          slowest.set(entry.interactionId, { name: entry.name, ms: entry.duration });
        }
      }
    };
    new PerformanceObserver(note).observe({ type: 'event', durationThreshold } as PerformanceObserverInit);
    Object.assign(globalThis, { interactions: slowest });
  }, TOLD_FROM_MS);
  return async () => {
    const noted = await page.evaluate(() => {
      const { interactions } = globalThis as unknown as { interactions: Map<number, { name: string; ms: number }> };
      return [...interactions.values()];
    });
    return noted.sort((left, right) => right.ms - left.ms);
  };
}
