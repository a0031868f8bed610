import type { MiddlewareHandler } from 'hono';
import { createId } from '../contract/ids.ts';
import { toProblem } from '../http/problem-answer.ts';
import { routePatternOf } from './route-pattern.ts';

/** One line of the log. Values are numbers, codes, patterns and identifiers of requests: nothing about anybody. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [member: string]: unknown;
}
export type Log = (entry: LogEntry) => void;

/** Header of every answer, by which a complaint is found in the log. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Logs every answer by its route's pattern, never by the address: that may name somebody. */
export function createRequestLog(log: Log, uptimeMs: () => number): MiddlewareHandler {
  return async (context, next) => {
    const request = createId();
    const begun = uptimeMs();
    await next();
    context.header(REQUEST_ID_HEADER, request);
    const { status } = context.res;
    log({
      level: status >= 500 ? 'error' : 'info',
      event: 'answer',
      request,
      method: context.req.method,
      route: routePatternOf(context),
      status,
      ...(context.error ? { code: toProblem(context.error).code } : {}),
      ms: Math.round(uptimeMs() - begun),
    });
  };
}

/** Members of a failure that may be logged: what kind of failure it is and where in the code it happened. */
interface LoggedFailure {
  readonly name: string;
  readonly code?: string;
  /** The detail of a refusal names no person; other messages may quote what was being read. */
  readonly detail?: string;
  readonly at?: readonly string[];
  readonly cause?: LoggedFailure;
}

const DEPTH = 6;

/** A failure without its message: that of a parser quotes the text, that of a database may quote a value. */
export function describeFailure(failure: unknown, depth = 0): LoggedFailure {
  if (!(failure instanceof Error)) return { name: typeof failure };
  const frames = (failure.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in failure && typeof failure.code === 'string' ? { code: failure.code } : {};
  const isDocumented = failure.name === 'Problem' && 'detail' in failure && typeof failure.detail === 'string';
  return {
    name: failure.name,
    ...code,
    ...(isDocumented ? { detail: String(failure.detail) } : {}),
    at: frames
      .slice(0, 8)
      .map((line) => line.trim().replace(/\(?(file:\/\/)?\/.*\/((api|ccid|node_modules)\/)/, '($2')),
    ...(failure.cause !== undefined && depth < DEPTH ? { cause: describeFailure(failure.cause, depth + 1) } : {}),
  };
}
