import type { ReferenceRange } from './reference-range.ts';
import type { ResultValue } from './result-value.ts';

const THIN_SPACE = '\u2009';

/** A number as a laboratory sheet prints it: as sent, with a real minus. */
export const formatNumber = (value: number | string): string => String(value).replace('-', '−');

/** The value without its unit. */
export function formatValue(value: ResultValue): string | undefined {
  switch (value.kind) {
    case 'quantity':
      return `${comparatorText(value.comparator)}${formatNumber(value.digits)}`;
    case 'text':
      return value.text;
    case 'absent':
      return value.reason;
  }
}

/** The value with its unit, a thin space between. */
export function formatWithUnit(value: ResultValue): string | undefined {
  const text = formatValue(value);
  return value.kind === 'quantity' && value.unit.text !== '' ? `${text}${THIN_SPACE}${value.unit.text}` : text;
}

export function comparatorText(comparator: '<' | '<=' | '>=' | '>' | undefined): string {
  return { none: '', '<': '<', '<=': '≤', '>=': '≥', '>': '>' }[comparator ?? 'none'];
}

/** 3.6–4.8, ≥60, ≤5.0, or the range as it was written. */
export function formatRange(range: ReferenceRange | undefined): string | undefined {
  if (!range) return undefined;
  const { text, low, high, lowDigits = low, highDigits = high } = range;
  if (lowDigits !== undefined && highDigits !== undefined)
    return `${formatNumber(lowDigits)}–${formatNumber(highDigits)}`;
  if (lowDigits !== undefined) return `≥${formatNumber(lowDigits)}`;
  return highDigits !== undefined ? `≤${formatNumber(highDigits)}` : text;
}

/** A converted number with as many significant digits as it came with, and three at least. */
export function formatConverted(value: number, original: string): string {
  const digits = original.replace(/^[-0.]+|\.|e.*$/g, '').length;
  return formatNumber(Number(value.toPrecision(Math.max(3, digits))));
}
