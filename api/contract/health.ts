import * as z from 'zod';
import { Timestamp } from './ids.ts';

/**
 * What a server looks at to know whether it is well.
 *
 * `store`: a write became durable · `disk`: room is left · `clock`: it did not jump, nor stand before what was signed ·
 * `directory`: what others are verified by is in date · `evidence`: leaves get into the log · `timestamps`: authorities
 * answer · `peers`, `exchange`: whoever is on the other side answers.
 */
export const HEALTH_CHECKS = [
  'store',
  'disk',
  'clock',
  'directory',
  'evidence',
  'timestamps',
  'peers',
  'exchange',
] as const;

/** `degraded`: goes on without; `failing`: does not do what it is for. */
export const HEALTH_STATES = ['ok', 'degraded', 'failing'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export const HealthCheck = z
  .object({
    name: z.enum(HEALTH_CHECKS),
    state: z.enum(HEALTH_STATES),
    /** Milliseconds, bytes or a count, as the check has it; null where there is nothing to count. */
    value: z.number().nullable(),
  })
  .readonly();
export type HealthCheck = z.infer<typeof HealthCheck>;

/** `GET /healthz` */
export const Health = z
  .object({ state: z.enum(HEALTH_STATES), time: Timestamp, checks: z.array(HealthCheck).readonly() })
  .readonly();
export type Health = z.infer<typeof Health>;
