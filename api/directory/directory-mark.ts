import { createMiddleware } from 'hono/factory';
import { digestBase64Url } from '../contract/encoding.ts';
import { pause } from '../http/back-off.ts';
import type { Fetch } from '../http/exchange-client.ts';
import type { DirectoryView } from './directory-view.ts';

/**
 * Header of an exchange's answers: which directories it has now. Whoever hears another one than the last time fetches them,
 * and need not ask every few seconds. A hint that decides nothing: what is fetched is verified as ever.
 */
export const DIRECTORY_MARK_HEADER = 'tsunagi-directory';

/** Marks every answer. */
export function createDirectoryMark(view: () => DirectoryView) {
  let marked: { readonly view: DirectoryView; readonly mark: string } | undefined;
  return createMiddleware(async (context, next) => {
    await next();
    const now = view();
    if (marked?.view !== now) {
      const serials = now.directories.map(({ iss, serial }) => `${iss} ${serial}`).sort();
      marked = { view: now, mark: digestBase64Url(serials.join('\n')) };
    }
    context.header(DIRECTORY_MARK_HEADER, marked.mark);
  });
}

/** The same `fetch`, which tells of answers with another mark than the one before, by origin. */
export function watchDirectoryMark(fetch: Fetch, onChange: () => void): Fetch {
  const marks = new Map<string, string>();
  return async (url, init) => {
    const response = await fetch(url, init);
    const mark = response.headers.get(DIRECTORY_MARK_HEADER);
    const { origin } = new URL(url);
    const before = marks.get(origin);
    if (mark !== null && mark !== before) {
      marks.set(origin, mark);
      if (before !== undefined) onChange();
    }
    return response;
  };
}

/** A sleep that can be cut short; a ring that nobody heard cuts the next one short. */
export interface Alarm {
  ring(): void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export function createAlarm(): Alarm {
  let hasRung = false;
  let wake = () => {};
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async sleep(ms, signal) {
      const awake = new AbortController();
      wake = () => awake.abort();
      if (!hasRung) await pause(ms, AbortSignal.any([signal, awake.signal]));
      hasRung = false;
      wake = () => {};
    },
  };
}
