/**
 * `FAULT_MATRIX=full` tries every APDU case with every fault, and the plug at every byte; without it a few of each, which
 * takes seconds.
 */
export const isFull = process.env['FAULT_MATRIX'] === 'full';

/** Longest that one part of the matrix may take. */
export const PATIENCE = { timeout: isFull ? 3_600_000 : 60_000 } as const;

/** Above so many bytes of data the plug is not pulled at every one. */
const EVERY_BYTE_MAX = 800;

/** At which bytes to pull the plug while a command of this much data is under way: all of them, or one in `step`. */
export function cutsOf(dataLength: number, step: number): readonly number[] {
  // Headers, block prologues, chaining and acknowledgements come on top of the data.
  const end = dataLength * 3 + 1000;
  const stride = !isFull ? step : dataLength <= EVERY_BYTE_MAX ? 1 : Math.ceil(end / 150);
  const last = isFull ? end : Math.min(end, 400);
  return Array.from({ length: Math.ceil(last / stride) }, (_, i) => 1 + i * stride);
}
