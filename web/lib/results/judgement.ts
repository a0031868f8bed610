import type { Measured } from './fhir.ts';
import type { ReferenceRange } from './reference-range.ts';
import type { ResultValue } from './result-value.ts';

/** How a value stands to its range, by how much attention it wants. */
export const FLAGS = ['critical_low', 'critical_high', 'low', 'high', 'abnormal', 'normal', 'unjudged'] as const;
export type Flag = (typeof FLAGS)[number];

export interface Judgement {
  readonly flag: Flag;
  /** Who judged: the laboratory in the file, or we by its range. */
  readonly by: 'laboratory' | 'range' | 'nobody';
  /** The laboratory says one thing and its own range another: shown, never resolved. */
  readonly isContradicted: boolean;
}

/** HL7 v3 ObservationInterpretation. */
const INTERPRETATIONS: Readonly<Record<string, Flag>> = {
  L: 'low',
  LL: 'critical_low',
  LU: 'critical_low',
  '<': 'low',
  H: 'high',
  HH: 'critical_high',
  HU: 'critical_high',
  '>': 'high',
  N: 'normal',
  NEG: 'normal',
  A: 'abnormal',
  AA: 'abnormal',
  POS: 'abnormal',
};

/** The laboratory's word where it gave one, else the place of the value in the laboratory's range. */
export function judge(measured: Measured, value: ResultValue, range: ReferenceRange | undefined): Judgement {
  const stated = statedFlag(measured);
  const derived = derivedFlag(value, range);
  if (stated) {
    const isContradicted = derived !== 'unjudged' && side(stated) !== side(derived) && stated !== 'abnormal';
    return { flag: stated, by: 'laboratory', isContradicted };
  }
  return { flag: derived, by: derived === 'unjudged' ? 'nobody' : 'range', isContradicted: false };
}

/** Whether a value is outside what is usual. */
export const isAbnormal = (flag: Flag): boolean => flag !== 'normal' && flag !== 'unjudged';

function statedFlag({ interpretation }: Measured): Flag | undefined {
  const flags = (interpretation ?? [])
    .flatMap(({ coding }) => coding ?? [])
    .map(({ code }) => (code !== undefined && Object.hasOwn(INTERPRETATIONS, code) ? INTERPRETATIONS[code] : undefined))
    .filter((flag) => flag !== undefined);
  return FLAGS.find((flag) => flags.includes(flag));
}

/** A value below a limit of measurement is judged only when every value it may stand for gives the same answer. */
function derivedFlag(value: ResultValue, range: ReferenceRange | undefined): Flag {
  if (value.kind !== 'quantity' || !range || (range.low === undefined && range.high === undefined)) return 'unjudged';
  const { comparator, value: limit } = value;
  const low = range.low ?? -Infinity;
  const high = range.high ?? Infinity;
  switch (comparator) {
    case undefined:
      return limit < low ? 'low' : limit > high ? 'high' : 'normal';
    case '<':
    case '<=':
      if (limit <= low) return comparator === '<' || limit < low ? 'low' : 'unjudged';
      return limit <= high && low <= 0 ? 'normal' : 'unjudged';
    case '>':
    case '>=':
      if (limit >= high) return comparator === '>' || limit > high ? 'high' : 'unjudged';
      return limit >= low && high === Infinity ? 'normal' : 'unjudged';
  }
}

function side(flag: Flag): 'low' | 'high' | 'normal' | 'abnormal' | 'unjudged' {
  if (flag === 'critical_low') return 'low';
  return flag === 'critical_high' ? 'high' : flag;
}
