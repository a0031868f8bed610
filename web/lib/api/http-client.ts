import type * as z from 'zod';
import { Problem, ProblemDocument } from '#api/contract/problem.ts';
import { ApiError } from './api-error.ts';
import { parseJson } from './parse-json.ts';

const TIMEOUT_MS = 15_000;

export interface RequestOptions {
  /** Aborting rejects with `request_aborted`. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A status that says something is wrong and carries the answer all the same, as `/healthz` does. */
  readonly answersWith?: number;
}

export interface HttpClient {
  /** @throws {Problem} what the server refused; {ApiError} no answer that can be used */
  get<T>(path: string, answer: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  /** @throws {Problem} {ApiError} */
  post<T>(path: string, body: unknown, answer: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  /** @throws {Problem} {ApiError} */
  put<T>(path: string, body: unknown, answer: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  /** @throws {Problem} {ApiError} */
  delete<T>(path: string, answer: z.ZodType<T>, options?: RequestOptions): Promise<T>;
}

interface Dependencies {
  readonly fetch: typeof fetch;
  /** Opens a session; called once when an answer is `unauthenticated`, then the request goes out again. */
  readonly signIn: () => Promise<void>;
  /** Who asks, for every request. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** The server does not know the person any longer whose headers went with a request. */
  readonly onStaffRequired?: (headers: Readonly<Record<string, string>>) => void;
}

/** Operators come by a link (`api/contract/operator-api.ts`): a terminal's key does not open what is theirs. */
const isOperators = (path: string): boolean => path.startsWith('/api/operator/');

type Init = Pick<RequestInit, 'method' | 'body'> & { readonly headers?: Readonly<Record<string, string>> };

/** Requests to the server this page came from. Every answer is parsed; nothing is believed by its status alone. */
export function createHttpClient({ fetch, signIn, headers = () => ({}), onStaffRequired }: Dependencies): HttpClient {
  async function send<T>(
    path: string,
    init: Init,
    answer: z.ZodType<T>,
    options: RequestOptions = {},
    isSecondTry = false,
  ): Promise<T> {
    const who = headers();
    const sent = { ...init, headers: { ...init.headers, ...who, ...options.headers } };
    const response = await reach(path + encodeQuery(options.query), sent, options);
    const json = response.status === 204 ? undefined : await readJson(response);
    if (!response.ok && response.status !== options.answersWith) {
      const problem = toProblem(json, response.status);
      if (problem instanceof Problem && problem.code === 'unauthenticated' && !isSecondTry && !isOperators(path)) {
        await signIn();
        return send(path, init, answer, options, true);
      }
      if (problem.code === 'staff_required') onStaffRequired?.(who);
      throw problem;
    }
    const parsed = answer.safeParse(json);
    if (!parsed.success) throw new ApiError('answer_malformed', `${path}: ${parsed.error.issues[0]?.path.join('.')}`);
    return parsed.data;
  }

  async function reach(url: string, init: Init, options: RequestOptions): Promise<Response> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    try {
      return await fetch(url, { ...init, signal, cache: 'no-store', credentials: 'same-origin' });
    } catch (cause) {
      if (options.signal?.aborted) throw new ApiError('request_aborted', url, { cause });
      if (deadline.aborted) throw new ApiError('network_timeout', url, { cause });
      throw new ApiError('network_unreachable', url, { cause });
    }
  }

  return {
    get: (path, answer, options) => send(path, { method: 'GET' }, answer, options),
    post: (path, body, answer, options) => send(path, withBody('POST', body), answer, options),
    put: (path, body, answer, options) => send(path, withBody('PUT', body), answer, options),
    delete: (path, answer, options) => send(path, { method: 'DELETE' }, answer, options),
  };
}

const withBody = (method: string, body: unknown): Init =>
  body === undefined
    ? { method }
    : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };

async function readJson(response: Response): Promise<unknown> {
  try {
    return parseJson(await response.text());
  } catch (cause) {
    // A proxy or a starting server answered in its place: the same as no answer.
    if (response.status >= 500) throw new ApiError('network_unreachable', `status ${response.status}`, { cause });
    throw new ApiError('answer_malformed', `status ${response.status}`, { cause });
  }
}

function toProblem(json: unknown, status: number): Problem | ApiError {
  const parsed = ProblemDocument.safeParse(json);
  if (parsed.success) return new Problem(parsed.data.code, parsed.data.detail ?? parsed.data.title);
  return new ApiError(status >= 500 ? 'network_unreachable' : 'answer_malformed', `status ${status}`);
}

function encodeQuery(query: RequestOptions['query'] = {}): string {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}
