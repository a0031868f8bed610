import { PublicExchangeStatus } from '../contract/public-exchange-status.ts';
import type { Origins } from './nodes.ts';

const PAUSE_MS = 100;
const ATTEMPTS = 80;

/**
 * Resolves when enough witnesses watch both logs, so that the first receipt carries their cosignatures; or after a while all
 * the same, for no visit depends on a witness.
 */
export async function untilWatched({ east, west }: Origins): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if ((await Promise.all([east, west].map(isWatched))).every(Boolean)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function isWatched(origin: string): Promise<boolean> {
  const status = PublicExchangeStatus.safeParse(await (await fetch(`${origin}/api/status`)).json()).data?.witnesses;
  if (!status) return true;
  return status.witnesses.filter(({ state }) => state === 'cosigning').length >= status.threshold;
}
