import type { createDeadLetterRequests } from './dead-letter-requests.ts';
import { createFirstRequests } from './first-requests.ts';
import type { HttpClient } from './http-client.ts';
import { later } from './later.ts';
import type { createRoomRequests } from './room-requests.ts';

type DeadLetterRequests = ReturnType<typeof createDeadLetterRequests>;

/** The server's HTTP table (`api/contract/gateway-api.ts`) as functions. */
export interface Gateway extends ReturnType<typeof createFirstRequests>, ReturnType<typeof createRoomRequests> {
  /** This gateway's mail that did not arrive. */
  readonly deadLetters: DeadLetterRequests;
  /** The same of an exchange, for its operator. */
  readonly exchangeDeadLetters: DeadLetterRequests;
}

/**
 * Calls of the server. Each rejects with a `Problem` (the server refused, and says why) or an `ApiError` (no usable
 * answer). The formats of the rooms beyond the counter come with the first call that needs them.
 */
export function createGateway(http: HttpClient): Gateway {
  const rooms = later(async () => (await import('./room-requests.ts')).createRoomRequests(http));
  const deadLettersAt = (path: string) =>
    later(async () => (await import('./dead-letter-requests.ts')).createDeadLetterRequests(http, path));
  const own: object = {
    ...createFirstRequests(http),
    deadLetters: deadLettersAt('/api/dead-letters'),
    exchangeDeadLetters: deadLettersAt('/api/operator/dead-letters'),
  };
  return new Proxy(own, {
    get: (target, name): unknown => Reflect.get(target, name) ?? Reflect.get(rooms, name),
  }) as Gateway;
}
