import { ServerStatus } from '#lib/api/gateway.ts';
import type { PreferenceStore } from './preferences.svelte.ts';

const KEY = 'tsunagi.status';

/** Keeps the last server status for offline starts: names, a checkpoint and counts, nothing about anybody. */
export function createKeptStatus(store: PreferenceStore) {
  return {
    read: (): Promise<ServerStatus | undefined> => Promise.resolve(parse(store.getItem(KEY))),
    keep: (status: ServerStatus): Promise<void> => {
      store.setItem(KEY, JSON.stringify(status));
      return Promise.resolve();
    },
  };
}

function parse(text: string | null): ServerStatus | undefined {
  if (text === null) return undefined;
  try {
    return ServerStatus.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON: as good as nothing kept.
    return undefined;
  }
}
