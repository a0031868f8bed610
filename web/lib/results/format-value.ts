import type { ReferenceRange } from './reference-range.ts';
import type { ResultValue } from './result-value.ts';

const THIN_SPACE = '\u2009';

/** A number as a laboratory sheet prints it: as sent, with a real minus. */
export const formatNumber = (value: number): string => String(value).replace('-', '−');

/** The value without its unit. */
export function formatValue(value: ResultValue): string | undefined {
  switch (value.kind) {
    case 'quantity':
      return `${comparatorText(value.comparator)}${formatNumber(value.value)}`;
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
  const { low, high, text } = range;
  if (low !== undefined && high !== undefined) return `${formatNumber(low)}–${formatNumber(high)}`;
  if (low !== undefined) return `≥${formatNumber(low)}`;
  return high !== undefined ? `≤${formatNumber(high)}` : text;
}

/** How many significant digits a converted number may have: as many as it came with, and three at least. */
export function formatConverted(value: number, original: number): string {
  const digits = String(original).replace(/^[-0.]+|\.|e.*$/g, '').length;
  return formatNumber(Number(value.toPrecision(Math.max(3, digits))));
}
