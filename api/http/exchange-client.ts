import type * as z from 'zod';
import { encodeUtf8 } from '../contract/encoding.ts';
import type { SigningKey } from '../contract/jose.ts';
import { Problem, ProblemDocument } from '../contract/problem.ts';
import { SIGNED_REQUEST_HEADER, signRequest } from '../contract/signed-request.ts';

/** The part of `fetch` that servers use, so that a test can stand between. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ExchangeClientOptions {
  /** Where the exchange answers, e.g. `http://127.0.0.1:4110`. */
  readonly origin: string;
  /** Our institution or exchange id. */
  readonly self: string;
  /** Id of the exchange that is called. */
  readonly exchange: string;
  readonly key: SigningKey;
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** For calls that say nothing else; 10 seconds when left out. */
  readonly timeoutMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Long polls need more than the client's own. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Signed calls to one exchange. Every call rejects with a `Problem`: the exchange's own refusal, or
 * `exchange_unreachable` for anything that is not an answer of an exchange in order. Only the caller's own signal
 * rejects with its reason.
 */
export interface ExchangeClient {
  readonly exchange: string;
  readonly origin: string;
  get<T>(path: string, answer: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** Posts JSON, raw bytes, or nothing. */
  post<T>(path: string, body: object | Uint8Array | undefined, answer: z.ZodType<T>, options?: CallOptions): Promise<T>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const NOTHING = new Uint8Array();

export function createExchangeClient(client: ExchangeClientOptions): ExchangeClient {
  const { origin, exchange } = client;

  async function call<T>(
    method: string,
    path: string,
    body: Uint8Array,
    answer: z.ZodType<T>,
    options: CallOptions,
  ): Promise<T> {
    const url = new URL(path, origin);
    const signature = await signRequest(
      { method, path: url.pathname + url.search, body },
      { iss: client.self, aud: exchange, key: client.key, now: client.now() },
    );
    const timeout = AbortSignal.timeout(options.timeoutMs ?? client.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const init: RequestInit = {
      method,
      headers: { ...options.headers, [SIGNED_REQUEST_HEADER]: signature },
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      redirect: 'error',
      ...(method === 'POST' ? { body: new Uint8Array(body) } : {}),
    };
    let status: number;
    let text: string;
    try {
      const response = await client.fetch(url.href, init);
      status = response.status;
      text = await response.text();
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new Problem('exchange_unreachable', `${exchange} did not answer`, { cause });
    }
    return readAnswer(exchange, status, text, answer);
  }

  return {
    exchange,
    origin,
    get: (path, answer, options = {}) => call('GET', path, NOTHING, answer, options),
    post(path, body, answer, options = {}) {
      if (body === undefined) return call('POST', path, NOTHING, answer, options);
      if (body instanceof Uint8Array) {
        const headers = { 'content-type': 'application/octet-stream', ...options.headers };
        return call('POST', path, body, answer, { ...options, headers });
      }
      const headers = { 'content-type': 'application/json', ...options.headers };
      return call('POST', path, encodeUtf8(JSON.stringify(body)), answer, { ...options, headers });
    },
  };
}

function readAnswer<T>(exchange: string, status: number, text: string, answer: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Problem('exchange_unreachable', `${exchange} answered ${status} without JSON`, { cause });
  }
  if (status >= 200 && status < 300) {
    const parsed = answer.safeParse(json);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join('.') || 'the whole';
    throw new Problem('exchange_unreachable', `${exchange} answered something else: ${where}`);
  }
  const problem = ProblemDocument.safeParse(json);
  // A failing exchange has refused nothing: whoever waits for its word asks again.
  if (!problem.success || problem.data.code === 'internal' || problem.data.code === 'unavailable') {
    throw new Problem('exchange_unreachable', `${exchange} answered ${status}`);
  }
  throw new Problem(problem.data.code, problem.data.detail ?? `refused by ${exchange}`);
}
