import * as z from 'zod';

/** Below this an answer's way through the network says as much as the clocks do. */
export const NOISE_MS = 60_000;

/** What the server last said of the time, and how far the device's clock was ahead of it. */
export const HeardTime = z.object({ offsetMs: z.number(), heardAt: z.iso.datetime() }).readonly();
export type HeardTime = z.infer<typeof HeardTime>;

/** The server's time. Never before what it said last: time does not run backwards, clocks without a battery do. */
export function correctTime(device: Date, { offsetMs, heardAt }: HeardTime): Date {
  const corrected = device.getTime() - (Math.abs(offsetMs) > NOISE_MS ? offsetMs : 0);
  return new Date(Math.max(corrected, Date.parse(heardAt) - NOISE_MS));
}

/** How far the device's clock is ahead now, as far as is known, milliseconds. */
export function offsetOf(device: Date, { offsetMs, heardAt }: HeardTime): number {
  // Behind what the server said last: it went back since.
  const sinceHeard = device.getTime() - Date.parse(heardAt);
  return sinceHeard < offsetMs - NOISE_MS ? sinceHeard : offsetMs;
}
