import type { ReferenceRange } from './reference-range.ts';

/** Where a reference range and a value lie on a thin band, all from 0 to 1. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** The value lies beyond the end of the band and is drawn at its end. */
  readonly isBeyond: boolean;
}

/**
 * The range takes the middle half, so that the eye finds it at the same place in every row. A range with one end takes
 * everything on its open side.
 */
export function layBand(value: number, range: ReferenceRange | undefined): Band | undefined {
  if (!range) return undefined;
  const { low, high } = range;
  if (low === undefined && high === undefined) return undefined;
  const width = low !== undefined && high !== undefined ? high - low : Math.abs(low ?? high ?? 0) || 1;
  if (width <= 0) return undefined;
  const start = low !== undefined ? low - (high === undefined ? width : width / 2) : (high ?? 0) - width;
  const length = 2 * width;
  const place = (at: number) => (at - start) / length;
  const raw = place(value);
  return {
    from: low === undefined ? 0 : place(low),
    to: high === undefined ? 1 : place(high),
    value: Math.min(1, Math.max(0, raw)),
    isBeyond: raw < 0 || raw > 1,
  };
}
