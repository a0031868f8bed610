import { convertValue, findConversion } from './convert-unit.ts';
import type { Measured, Quantity } from './fhir.ts';
import { digitsOf } from './result-value.ts';
import { readUnit, type Unit } from './unit.ts';

/** The laboratory's own reference range, in the unit of the value it stands beside. */
export interface ReferenceRange {
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** The limits with the digits they were written with; absent where they were converted. */
  readonly lowDigits?: string | undefined;
  readonly highDigits?: string | undefined;
  /** As it was written, when it was written as text. */
  readonly text: string | undefined;
}

/**
 * The one range that applies to everybody. Where the file gives several, for sexes, ages or states, choosing is the
 * laboratory's business and not ours: then there is none.
 */
export function readReferenceRange(measured: Measured, unit: Unit, analyte?: string): ReferenceRange | undefined {
  const candidates = (measured.referenceRange ?? []).filter(
    ({ type, appliesTo, age }) =>
      (appliesTo ?? []).length === 0 &&
      age === undefined &&
      (type?.coding ?? []).every(({ code }) => code === undefined || code === 'normal'),
  );
  const [range, second] = candidates;
  if (!range || second) return undefined;
  const low = limitIn(range.low, unit, analyte);
  const high = limitIn(range.high, unit, analyte);
  if (low === 'incomparable' || high === 'incomparable') return textOnly(range.text);
  if (!low && !high) return textOnly(range.text);
  return {
    low: low?.value,
    high: high?.value,
    lowDigits: low?.digits,
    highDigits: high?.digits,
    text: range.text,
  };
}

const textOnly = (text: string | undefined): ReferenceRange | undefined =>
  text === undefined ? undefined : { low: undefined, high: undefined, text };

/** A limit in the value's unit. A limit without a unit is in the value's; one in a foreign unit says nothing about it. */
function limitIn(limit: Quantity | undefined, unit: Unit, analyte?: string): Limit | 'incomparable' | undefined {
  if (limit?.value === undefined) return undefined;
  const asWritten = { value: limit.value, digits: digitsOf(limit.value, limit) };
  if (limit.unit === undefined && limit.code === undefined) return asWritten;
  const conversion = findConversion(readUnit(limit), unit, analyte);
  if (!conversion) return 'incomparable';
  return conversion.factor === 1 ? asWritten : { value: convertValue(limit.value, conversion), digits: undefined };
}

interface Limit {
  readonly value: number;
  readonly digits: string | undefined;
}
