import { Problem } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';

/** When each server was last heard of, since this process began; for the operator's screen. */
export interface Contacts {
  readonly seen: (id: string) => void;
  /** A call to a peer failed; it counts as unreachable until it is heard of again. */
  readonly missed: (id: string) => void;
  lastSeen(id: string): Date | undefined;
  isReachable(id: string): boolean;
}

export function createContacts(now: () => Date): Contacts {
  const times = new Map<string, Date>();
  const reachable = new Set<string>();
  return {
    seen(id) {
      times.set(id, now());
      reachable.add(id);
    },
    missed: (id) => void reachable.delete(id),
    lastSeen: (id) => times.get(id),
    isReachable: (id) => reachable.has(id),
  };
}

/** The same client, whose calls are noted: an answer of any kind is a sign of life. */
export function observeClient(client: ExchangeClient, contacts: Contacts): ExchangeClient {
  const note = async <T>(call: Promise<T>): Promise<T> => {
    try {
      const answer = await call;
      contacts.seen(client.exchange);
      return answer;
    } catch (error) {
      const isSilent = error instanceof Problem && error.code === 'exchange_unreachable';
      if (isSilent) contacts.missed(client.exchange);
      throw error;
    }
  };
  return {
    exchange: client.exchange,
    origin: client.origin,
    get: (...call) => note(client.get(...call)),
    getBytes: (...call) => note(client.getBytes(...call)),
    post: (...call) => note(client.post(...call)),
  };
}
