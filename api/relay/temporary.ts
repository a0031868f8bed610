import type { Problem } from '../contract/problem.ts';

/**
 * Whether the same request may succeed later: the other side is down or full, does not know us or our directory yet, or the clocks
 * will be set. Everything else is an answer.
 */
export const isTemporary = ({ code, status }: Problem): boolean =>
  status >= 500 || status === 429 || code === 'clock_skew' || code === 'unauthenticated';
