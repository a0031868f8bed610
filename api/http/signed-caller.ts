import { createMiddleware } from 'hono/factory';
import type { JWK } from '../contract/jose.ts';
import { findAmong } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import { SIGNED_REQUEST_HEADER, verifyRequest } from '../contract/signed-request.ts';
import { readBody } from './request-body.ts';
import type { RequestMemory } from './request-memory.ts';

/** A server that may call: an institution behind this exchange, or another exchange. */
export interface KnownCaller {
  readonly kind: 'member' | 'peer';
  readonly id: string;
  readonly keys: readonly JWK[];
}

/** Finds a caller by its id in what this exchange trusts now. */
export type CallerFinder = (id: string) => KnownCaller | undefined;

/** What routes behind `createSignedCaller` read: `context.var.caller`. */
export interface CallerEnv {
  Variables: { caller: KnownCaller };
}

export interface SignedCallerOptions {
  /** Our id: what the caller must have named as audience. */
  readonly exchange: string;
  readonly findCaller: CallerFinder;
  readonly memory: RequestMemory;
  readonly now: () => Date;
  /** Who may come in; everyone known when left out. */
  readonly only?: KnownCaller['kind'];
  /** Largest body of these routes. */
  readonly limitBytes?: number;
}

/**
 * Lets only signed requests of known servers pass, each once.
 *
 * Refuses with `unauthenticated`, `clock_skew`, `too_large`, and `forbidden` for a known server of the wrong kind.
 */
export function createSignedCaller(options: SignedCallerOptions) {
  return createMiddleware<CallerEnv>(async (context, next) => {
    const signature = context.req.header(SIGNED_REQUEST_HEADER);
    if (!signature) throw new Problem('unauthenticated', 'the request is not signed');
    const { pathname, search } = new URL(context.req.url);
    const facts = {
      method: context.req.method,
      path: pathname + search,
      body: await readBody(context, options.limitBytes),
    };
    const { iss, jti } = await verifyRequest(signature, facts, {
      aud: options.exchange,
      now: options.now(),
      findKey: (id) => findAmong(options.findCaller(id)?.keys ?? []),
    });
    const caller = options.findCaller(iss);
    if (!caller) throw new Problem('unauthenticated', 'the caller is not known here');
    if (!(await options.memory.remember(`${iss} ${jti}`, options.now()))) {
      throw new Problem('unauthenticated', 'the request came before');
    }
    if (options.only && caller.kind !== options.only) throw new Problem('forbidden', `only for a ${options.only}`);
    context.set('caller', caller);
    await next();
  });
}
