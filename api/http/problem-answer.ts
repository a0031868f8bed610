import type { Context, Hono, Env } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { CertificateError } from '../contract/certificate-error.ts';
import { Problem } from '../contract/problem.ts';

/** Told of every failure that is not a refusal: a defect here, or the disk. */
export type ReportFailure = (failure: unknown) => void;

/** The problem as an HTTP answer (RFC 9457 §3). */
export function answerProblem(context: Context, problem: Problem): Response {
  return context.body(JSON.stringify(problem.toDocument()), problem.status as 400, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(problem.retryAfterSeconds === undefined ? {} : { 'retry-after': String(problem.retryAfterSeconds) }),
  });
}

/** The one place where whatever was thrown becomes a refusal. What is not known to be harmless keeps its detail to itself. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CertificateError)
    return new Problem(error.code, 'the certificate was refused', { cause: error });
  if (error instanceof HTTPException && error.status < 500) {
    return new Problem('malformed_request', `HTTP ${error.status}`, { cause: error });
  }
  return new Problem('internal', 'the server failed', { cause: error });
}

/** Makes an app answer every failure, and every path it does not know, with a problem document. */
export function answerProblems<E extends Env>(app: Hono<E>, report: ReportFailure): void {
  app.onError((error, context) => {
    const problem = toProblem(error);
    if (problem.code === 'internal') report(error);
    return answerProblem(context, problem);
  });
  app.notFound((context) => answerProblem(context, new Problem('not_found', 'no such address')));
}
