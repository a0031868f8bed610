import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/** A step of the story that did not come true. */
export class StoryError extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'StoryError';
  }
}

/** @throws {StoryError} */
export function require<T>(value: T | null | undefined | false, what: string): T {
  if (value === null || value === undefined || value === false) throw new StoryError(what);
  return value;
}

/** Asks again until there is an answer. @throws {StoryError} after half a minute */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new StoryError(`still waiting: ${what}`);
    await sleep(PAUSE_MS);
  }
}
