import type { Measure } from './ucum.ts';
import type { Unit } from './unit.ts';

/** Why two units may be converted; each has a sentence on the screen beside the converted value. */
export const CONVERSION_RULES = ['metric', 'monovalent_ion', 'enzyme_unit'] as const;
export type ConversionRule = (typeof CONVERSION_RULES)[number];

export interface Conversion {
  readonly from: Unit;
  readonly to: Unit;
  /** A value in `from` times this is the value in `to`. */
  readonly factor: number;
  readonly rule: ConversionRule;
}

/** Na, K, Cl: one charge an ion, so one equivalent is one mole. */
const MONOVALENT_IONS = ['3H010', '3H015', '3H020'];
/** Enzymes whose international unit is the enzyme unit: CK, AST, ALT, LD, ALP, γ-GT, ChE, amylase. */
const ENZYMES = ['3B010', '3B035', '3B045', '3B050', '3B070', '3B090', '3B110', '3B160'];

/**
 * How to get from one unit to another for an analyte, or `undefined` where that needs knowledge that is not here, such
 * as a molar mass. Equal units need no conversion: `factor` is then 1 and nothing need be said.
 *
 * @param analyte the five-digit analyte of a JLAC10 code, where there is one
 */
export function findConversion(from: Unit, to: Unit, analyte?: string): Conversion | undefined {
  if (from.key === to.key) return { from, to, factor: 1, rule: 'metric' };
  if (!from.measure || !to.measure) return undefined;
  if (from.measure.dimensions === to.measure.dimensions) return conversion('metric');
  if (analyte === undefined) return undefined;
  if (MONOVALENT_IONS.includes(analyte) && agrees(/\beq(?=-?\d)/g, 'mol')) return conversion('monovalent_ion');
  if (ENZYMES.includes(analyte) && agrees(/\[IU\](?=-?\d)/g, 'U')) return conversion('enzyme_unit');
  return undefined;

  function agrees(dimension: RegExp, same: string): boolean {
    const [left, right] = [from, to].map(({ measure }) =>
      (measure?.dimensions ?? '').replace(dimension, same).split(' ').sort().join(' '),
    );
    return left === right;
  }

  function conversion(rule: ConversionRule): Conversion | undefined {
    return from.measure && to.measure ? { from, to, factor: ratio(from.measure, to.measure), rule } : undefined;
  }
}

const ratio = (from: Measure, to: Measure): number =>
  exact((from.factor / to.factor) * 10 ** (from.exponent - to.exponent));

/** A converted value, rid of the binary dust that multiplication leaves. */
export const convertValue = (value: number, { factor }: Conversion): number => exact(value * factor);

const exact = (value: number): number => Number(value.toPrecision(12));
