import { DeadLetters } from '#api/contract/relay-api.ts';
import type { HttpClient, RequestOptions } from './http-client.ts';

/** Mail that did not arrive: this gateway's own, or for an operator the exchange's. */
export function createDeadLetterRequests(http: HttpClient) {
  const list = (path: string) => ({
    fetch: (options?: RequestOptions) => http.get(path, DeadLetters, options),
    resend: (id: string) => http.post(`${path}/${encodeURIComponent(id)}/resend`, undefined, DeadLetters),
    discard: (id: string) => http.post(`${path}/${encodeURIComponent(id)}/discard`, undefined, DeadLetters),
  });
  return { deadLetters: list('/api/dead-letters'), exchangeDeadLetters: list('/api/operator/dead-letters') };
}
