import { convertValue, findConversion, type Conversion } from './convert-unit.ts';
import type { ReferenceRange } from './reference-range.ts';
import { isWithdrawn, type ResultRow } from './result-row.ts';
import type { Unit } from './unit.ts';

/** A value on an axis. */
export interface AxisPoint {
  readonly row: ResultRow;
  readonly at: number;
  /** In the axis's unit. */
  readonly value: number;
  /** A limit of measurement, not a measurement. */
  readonly comparator: '<' | '<=' | '>=' | '>' | undefined;
  readonly range: ReferenceRange | undefined;
  /** Set when the value was reported in another unit; the screen says so. */
  readonly conversion: Conversion | undefined;
}

/** Values that may be compared with each other, in one unit: that of the newest. */
export interface Axis {
  readonly unit: Unit;
  /** Oldest first. */
  readonly points: readonly AxisPoint[];
  /** Each conversion that was used, once. */
  readonly conversions: readonly Conversion[];
}

/**
 * Puts dated quantities on as few axes as units allow. Units that no rule connects never share one; withdrawn results
 * are on none.
 *
 * @param rows of one analyte, newest first
 */
export function createAxes(rows: readonly ResultRow[]): readonly Axis[] {
  const axes: { readonly unit: Unit; readonly points: AxisPoint[]; readonly conversions: Map<string, Conversion> }[] =
    [];
  for (const row of rows) {
    const { value, takenAt } = row;
    if (value.kind !== 'quantity' || !takenAt || isWithdrawn(row)) continue;
    const found = axes
      .map((axis) => ({ axis, conversion: findConversion(value.unit, axis.unit, row.analyte.code) }))
      .find(({ conversion }) => conversion !== undefined);
    if (!found?.conversion) {
      axes.push({ unit: value.unit, points: [pointOf(row, takenAt.at, value)], conversions: new Map() });
      continue;
    }
    const { axis, conversion } = found;
    const isSame = value.unit.key === axis.unit.key;
    if (!isSame) axis.conversions.set(value.unit.key, conversion);
    axis.points.push(pointOf(row, takenAt.at, value, isSame ? undefined : conversion));
  }
  return axes.map(({ unit, points, conversions }) => ({
    unit,
    points: points.reverse(),
    conversions: [...conversions.values()],
  }));
}

function pointOf(
  row: ResultRow,
  at: number,
  { value, comparator }: { readonly value: number; readonly comparator: AxisPoint['comparator'] },
  conversion?: Conversion,
): AxisPoint {
  const convert = (number: number): number => (conversion ? convertValue(number, conversion) : number);
  const { range } = row;
  return {
    row,
    at,
    value: convert(value),
    comparator,
    range: range && {
      low: range.low === undefined ? undefined : convert(range.low),
      high: range.high === undefined ? undefined : convert(range.high),
      text: conversion ? undefined : range.text,
    },
    conversion,
  };
}
