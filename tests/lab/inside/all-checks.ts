import type { Check } from './check.ts';
import { pcscChecks } from './pcsc-checks.ts';

/** Everything that the lab finds out, in the order in which it does. */
export const ALL_CHECKS: readonly Check[] = [...pcscChecks];
