import type { CodeableConcept, Measured, Quantity } from './fhir.ts';
import { readUnit, type Unit } from './unit.ts';

/** A measured value. Only a `quantity` is ever drawn. */
export type ResultValue =
  | {
      readonly kind: 'quantity';
      readonly value: number;
      /** The value with the digits it was written with: 7.0 is not 7. */
      readonly digits: string;
      /** `<` and `>`: beyond what the method measures; the value is then a limit, not a measurement. */
      readonly comparator: '<' | '<=' | '>=' | '>' | undefined;
      readonly unit: Unit;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent'; readonly reason: string | undefined };

/** Reads `value[x]` (FHIR R4 Observation), or why there is none. */
export function readValue(measured: Measured): ResultValue {
  const { valueQuantity: quantity, valueRange: range, valueRatio: ratio } = measured;
  if (quantity?.value !== undefined) {
    return {
      kind: 'quantity',
      value: quantity.value,
      digits: digitsOf(quantity.value, quantity),
      comparator: quantity.comparator,
      unit: readUnit(quantity),
    };
  }
  if (measured.valueInteger !== undefined) {
    const value = measured.valueInteger;
    return { kind: 'quantity', value, digits: String(value), comparator: undefined, unit: readUnit({}) };
  }
  const text =
    conceptText(measured.valueCodeableConcept) ??
    measured.valueString ??
    measured.valueDateTime ??
    (range && `${quantityText(range.low)}–${quantityText(range.high)}`) ??
    (ratio && `${quantityText(ratio.numerator)}:${quantityText(ratio.denominator)}`) ??
    (measured.valueBoolean === undefined ? undefined : measured.valueBoolean ? '+' : '−');
  if (text !== undefined) return { kind: 'text', text };
  return { kind: 'absent', reason: conceptText(measured.dataAbsentReason) };
}

/** A number as it was written. */
export const digitsOf = (value: number, { _value }: Pick<Quantity, '_value'>): string =>
  _value?.source ?? String(value);

/** A concept's text, else the display or code of its first coding. */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  const [coding] = concept?.coding ?? [];
  return concept?.text ?? coding?.display ?? coding?.code;
}

function quantityText(quantity: Quantity | undefined): string {
  if (quantity?.value === undefined) return '';
  return `${quantity.comparator ?? ''}${quantity.value}${quantity.unit ? ` ${quantity.unit}` : ''}`;
}
