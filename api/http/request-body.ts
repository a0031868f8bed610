import type { Context } from 'hono';
import type * as z from 'zod';
import { Problem } from '../contract/problem.ts';

/** Bodies larger than this are refused unless a route allows more. */
export const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;

const bodies = new WeakMap<Request, Promise<Uint8Array<ArrayBuffer>>>();

/**
 * The body's bytes, read once however often it is asked for; the first reader's limit counts.
 *
 * @throws {Problem} `too_large`
 */
export function readBody(context: Context, limitBytes = DEFAULT_BODY_LIMIT_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  const request = context.req.raw;
  const known = bodies.get(request);
  if (known) return known;
  const reading = collect(request, limitBytes);
  bodies.set(request, reading);
  return reading;
}

/**
 * The body as JSON that fits the schema.
 *
 * @throws {Problem} `too_large`, `malformed_request`
 */
export async function readJson<T>(context: Context, schema: z.ZodType<T>, limitBytes?: number): Promise<T> {
  const body = await readBody(context, limitBytes);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new Problem('malformed_request', 'the body is not JSON', { cause });
  }
  return parseWith(schema, json);
}

/** The query's parameters, by a schema of strings. @throws {Problem} `malformed_request` */
export function readQuery<T>(context: Context, schema: z.ZodType<T>): T {
  return parseWith(schema, context.req.query());
}

/** A path parameter, by its schema. @throws {Problem} `not_found`: an address that cannot exist */
export function readParameter<T>(context: Context, name: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(context.req.param(name));
  if (!parsed.success) throw new Problem('not_found', 'no such address');
  return parsed.data;
}

function parseWith<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  // The path of the element only: the value may be personal.
  if (!parsed.success) throw new Problem('malformed_request', parsed.error.issues[0]?.path.join('.') || 'the request');
  return parsed.data;
}

async function collect(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limitBytes) throw new Problem('too_large', `at most ${limitBytes} bytes`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limitBytes) throw new Problem('too_large', `at most ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
