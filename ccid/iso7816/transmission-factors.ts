/** Clock rate conversion integer F and highest clock by the high nibble of TA1 (ISO 7816-3 table 7). */
const F_BY_CODE: readonly (readonly [f: number, maximumClockKhz: number] | undefined)[] = [
  [372, 4000],
  [372, 5000],
  [558, 6000],
  [744, 8000],
  [1116, 12_000],
  [1488, 16_000],
  [1860, 20_000],
  undefined,
  undefined,
  [512, 5000],
  [768, 7500],
  [1024, 10_000],
  [1536, 15_000],
  [2048, 20_000],
  undefined,
  undefined,
];

/** Baud rate adjustment integer D by the low nibble of TA1 (ISO 7816-3 table 8). */
const D_BY_CODE: readonly (number | undefined)[] = [undefined, 1, 2, 4, 8, 16, 32, 64, 12, 20];

/** The values a TA1 or PPS1 byte stands for. */
export interface TransmissionFactors {
  /** Clock cycles per elementary time unit before division by `d`. */
  readonly f: number;
  readonly d: number;
  readonly maximumClockKhz: number;
}

/** F = 372, D = 1: what holds from the ATR on until something else was agreed. */
export const DEFAULT_FI_DI = 0x11;

/** The factors of a TA1 byte, or `undefined` where the table says reserved. */
export function transmissionFactors(fiDi: number): TransmissionFactors | undefined {
  const entry = F_BY_CODE[fiDi >> 4];
  const d = D_BY_CODE[fiDi & 0x0f];
  return entry && d !== undefined ? { f: entry[0], d, maximumClockKhz: entry[1] } : undefined;
}
