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
  /** The bytes of an answer, as they are (RFC 9110 §14 with a `range` header). */
  getBytes(path: string, options?: CallOptions): Promise<Uint8Array>;
  /** Posts JSON, raw bytes, or nothing. */
  post<T>(path: string, body: object | Uint8Array | undefined, answer: z.ZodType<T>, options?: CallOptions): Promise<T>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const NOTHING = new Uint8Array();
const LONGEST_RETRY_AFTER_SECONDS = 3600;

export function createExchangeClient(client: ExchangeClientOptions): ExchangeClient {
  const { origin, exchange } = client;

  async function call(method: string, path: string, body: Uint8Array, options: CallOptions): Promise<RawAnswer> {
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
    try {
      const response = await client.fetch(url.href, init);
      const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
      return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()), retryAfter };
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new Problem('exchange_unreachable', `${exchange} did not answer`, { cause });
    }
  }

  const ask = async <T>(
    method: string,
    path: string,
    body: Uint8Array,
    answer: z.ZodType<T>,
    options: CallOptions,
  ): Promise<T> => readAnswer(exchange, await call(method, path, body, options), answer);

  return {
    exchange,
    origin,
    get: (path, answer, options = {}) => ask('GET', path, NOTHING, answer, options),
    async getBytes(path, options = {}) {
      const raw = await call('GET', path, NOTHING, options);
      if (raw.status >= 200 && raw.status < 300) return raw.bytes;
      throw readProblem(exchange, raw, parseJson(exchange, raw));
    },
    post(path, body, answer, options = {}) {
      if (body === undefined) return ask('POST', path, NOTHING, answer, options);
      if (body instanceof Uint8Array) {
        const headers = { 'content-type': 'application/octet-stream', ...options.headers };
        return ask('POST', path, body, answer, { ...options, headers });
      }
      const headers = { 'content-type': 'application/json', ...options.headers };
      return ask('POST', path, encodeUtf8(JSON.stringify(body)), answer, { ...options, headers });
    },
  };
}

interface RawAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
  /** Seconds, NaN without. */
  readonly retryAfter: number;
}

function readAnswer<T>(exchange: string, raw: RawAnswer, answer: z.ZodType<T>): T {
  const json = parseJson(exchange, raw);
  if (raw.status < 200 || raw.status >= 300) throw readProblem(exchange, raw, json);
  const parsed = answer.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'the whole';
  throw new Problem('exchange_unreachable', `${exchange} answered something else: ${where}`);
}

function parseJson(exchange: string, { status, bytes }: RawAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new Problem('exchange_unreachable', `${exchange} answered ${status} without JSON`, { cause });
  }
}

function readProblem(exchange: string, { status, retryAfter }: RawAnswer, json: unknown): Problem {
  const problem = ProblemDocument.safeParse(json);
  const retryAfterSeconds = retryAfter > 0 ? Math.min(retryAfter, LONGEST_RETRY_AFTER_SECONDS) : undefined;
  // A failing exchange has refused nothing: whoever waits for its word asks again.
  if (!problem.success || problem.data.code === 'internal' || problem.data.code === 'unavailable') {
    return new Problem('exchange_unreachable', `${exchange} answered ${status}`, { retryAfterSeconds });
  }
  return new Problem(problem.data.code, problem.data.detail ?? `refused by ${exchange}`, { retryAfterSeconds });
}
