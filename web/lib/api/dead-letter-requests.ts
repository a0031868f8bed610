import { DeadLetters } from '#api/contract/relay-api.ts';
import type { HttpClient, RequestOptions } from './http-client.ts';

/** Mail that did not arrive, at the address of whose it is. */
export const createDeadLetterRequests = (http: HttpClient, path: string) => ({
  fetch: (options?: RequestOptions) => http.get(path, DeadLetters, options),
  resend: (id: string) => http.post(`${path}/${encodeURIComponent(id)}/resend`, undefined, DeadLetters),
  discard: (id: string) => http.post(`${path}/${encodeURIComponent(id)}/discard`, undefined, DeadLetters),
});
