import pg, { type ClientConfig } from 'pg';
import { createId } from '../../contract/ids.ts';
import type { Signals } from '../signals.ts';
import { quoteName } from './schema.ts';

/** What was announced within this time goes out together: every notification takes a lock of the whole server. */
const GATHER_MS = 5;
const RECONNECT_MS = 500;
/** A notification holds less than 8000 bytes (PostgreSQL, NOTIFY). */
const LONGEST_KEY = 4000;

export interface PostgresSignals extends Signals {
  /** Wakes everybody in this process after a while: something may be ours to do then. */
  remind(ms: number): void;
  close(): Promise<void>;
}

/**
 * Signals by LISTEN and NOTIFY on a connection of their own. While that connection is away everybody is woken twice a
 * second, and once more when it is back: who sleeps then looks for itself.
 */
export function listenOnPostgres(
  config: ClientConfig,
  channel: string,
  send: (channel: string, keys: readonly string[]) => Promise<unknown>,
): PostgresSignals {
  const self = createId();
  const listeners: ((key?: string) => void)[] = [];
  const tell = (key?: string) => listeners.forEach((listener) => listener(key));
  let gathered = new Set<string>();
  let sending: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  let reminder: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function connect(): Promise<void> {
    const fresh = new pg.Client(config);
    client = fresh;
    let isLost = false;
    const lost = () => {
      if (isLost) return;
      isLost = true;
      if (client === fresh) client = undefined;
      void fresh.end().catch(() => {});
      if (!isClosed) retry = setTimeout(() => (tell(), void connect()), RECONNECT_MS).unref();
    };
    // It may complain more than once.
    fresh.on('error', lost).on('end', lost);
    fresh.on('notification', ({ payload = '' }) => {
      const [from, key] = split(payload);
      if (from !== self) tell(key);
    });
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${quoteName(channel)}`);
      tell();
    } catch {
      lost();
    }
  }
  const connecting = connect();

  const flush = () => {
    const keys = [...gathered].map((key) => `${self} ${key}`);
    [gathered, sending] = [new Set(), undefined];
    // Lost when the database is away: then everybody looks by itself.
    send(channel, keys).catch(() => {});
  };

  return {
    announce(key) {
      if (isClosed || key.length > LONGEST_KEY) return;
      gathered.add(key);
      sending ??= setTimeout(flush, GATHER_MS);
    },
    subscribe: (listener) => void listeners.push(listener),
    remind(ms) {
      if (isClosed) return;
      reminder ??= setTimeout(() => ((reminder = undefined), tell()), ms).unref();
    },
    async close() {
      isClosed = true;
      clearTimeout(reminder);
      clearTimeout(retry);
      clearTimeout(sending);
      await connecting;
      await client?.end().catch(() => {});
    },
  };
}

function split(payload: string): readonly [string, string] {
  const at = payload.indexOf(' ');
  return [payload.slice(0, at), payload.slice(at + 1)];
}
