import type { MiddlewareHandler } from 'hono';
import type { CallerEnv } from '../http/signed-caller.ts';

/** Makes the check of a caller's signature; `only` and the body limit differ by route. */
export type CallerGuard = (options: {
  readonly only?: 'member' | 'peer';
  readonly limitBytes?: number;
}) => MiddlewareHandler<CallerEnv>;
