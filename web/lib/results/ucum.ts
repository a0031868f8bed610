import { UcumLhcUtils } from '@lhncbc/ucum-lhc';

/**
 * The size of a unit: a factor in powers of ten and a rest, and the dimensions it has. Units with the same dimensions
 * can be converted into each other; any others cannot.
 */
export interface Measure {
  readonly factor: number;
  /** Kept apart from `factor`, so that decimal prefixes cost no precision. */
  readonly exponent: number;
  /** Canonical, e.g. `g1 m-3`; empty for a pure number. */
  readonly dimensions: string;
}

/** The library's vector: length, time, mass, angle, temperature, charge, luminous intensity (UCUM §28). */
const DIMENSIONS = ['m', 's', 'g', 'rad', 'K', 'C', 'cd'];
const UNITS_IN_A_MOLE = 6.0221367e23;

/**
 * Units that are a dimension of their own here. UCUM counts equivalents, osmoles and fields of view as pure numbers and
 * an enzyme unit as a rate; a conversion that silently relied on that would change what a value says. An arbitrary unit
 * (`[IU]`) is agreed for each substance.
 */
const OWN_DIMENSION = /(?:eq|osm|U|Cel|\[(?:i?U|IU|pH|HPF|LPF)\])$/;

/** Annotations that only say what is counted; any other is kept as a dimension, as it may change the meaning. */
const COUNTED = ['{cells}', '{cell}', '{count}', '{RBC}', '{WBC}', '{platelets}', '{#}'];

/** Reads a UCUM expression (case sensitive); `undefined` for what is not UCUM or has a scale of its own. */
export function parseUcum(expression: string): Measure | undefined {
  if (expression !== '' && !lookUp(expression)) return undefined;
  const dimensions = new Map<string, number>();
  const add = (name: string, power: number) => dimensions.set(name, (dimensions.get(name) ?? 0) + power);
  let factor = 1;
  let exponent = 0;
  for (const { text, sign } of splitTerm(expression)) {
    const annotations = text.match(/\{[^}]*\}/g) ?? [];
    for (const annotation of annotations) if (!COUNTED.includes(annotation)) add(annotation, sign);
    const bare = text.replaceAll(/\{[^}]*\}/g, '');
    if (bare === '') continue;
    const component = readComponent(bare);
    if (!component) return undefined;
    factor *= component.factor ** sign;
    exponent += component.exponent * sign;
    for (const [name, power] of component.dimensions) add(name, power * sign);
  }
  return { factor, exponent, dimensions: encodeDimensions(dimensions) };
}

const encodeDimensions = (dimensions: ReadonlyMap<string, number>): string =>
  [...dimensions]
    .filter(([, power]) => power !== 0)
    .map(([name, power]) => `${name}${power}`)
    .sort()
    .join(' ');

/** Splits at `.` and `/` outside brackets; a division counts for the component that follows it (UCUM §9). */
function splitTerm(expression: string): readonly { readonly text: string; readonly sign: 1 | -1 }[] {
  const parts = expression.match(/[./]|(?:\{[^}]*\}|\[[^\]]*\]|[^./{[])+/g) ?? [];
  const components: { text: string; sign: 1 | -1 }[] = [];
  let sign: 1 | -1 = 1;
  for (const part of parts) {
    if (part === '/') sign = -1;
    else if (part === '.') sign = 1;
    else components.push({ text: part, sign });
  }
  return components;
}

interface Component {
  readonly factor: number;
  readonly exponent: number;
  readonly dimensions: readonly (readonly [string, number])[];
}

/** One unit with its prefix and power, as the library knows it. */
function readComponent(text: string): Component | undefined {
  const [, symbol = '', power = '1'] = /^(10[*^]|\d+|.*?[^\d+-])([+-]?\d+)?$/.exec(text) ?? [];
  const unit = lookUp(symbol);
  if (!unit) return undefined;
  const own = OWN_DIMENSION.exec(symbol)?.[0];
  const times = Number(power);
  // A prefix is all that is left of the size of a unit that has a dimension of its own.
  const size = own === undefined ? unit.magnitude_ / UNITS_IN_A_MOLE ** unit.moleExp_ : sizeOfPrefix(symbol, own);
  if (size === undefined || (own === undefined && (unit.isArbitrary_ || unit.isSpecial_))) return undefined;
  const exponent = Math.floor(Math.log10(exact(size)));
  const vector: readonly (readonly [string, number])[] = [
    ...(unit.dim_.dimVec_ ?? []).map((count, i) => [DIMENSIONS[i] ?? '', count * times] as const),
    ['mol', unit.moleExp_ * times],
  ];
  return {
    factor: exact(size / 10 ** exponent) ** times,
    exponent: exponent * times,
    dimensions: own === undefined ? vector : [[own === '[iU]' ? '[IU]' : own, times]],
  };
}

function lookUp(expression: string) {
  const { unit } = UcumLhcUtils.getInstance().getSpecifiedUnit(expression, 'validate');
  // For some names, such as `toString`, the library answers something that is no unit.
  return typeof unit?.magnitude_ === 'number' ? unit : undefined;
}

/** What stands before a unit's symbol, as a number: of the same size before a metre. */
function sizeOfPrefix(symbol: string, base: string): number | undefined {
  const prefix = symbol.slice(0, -base.length);
  return prefix === '' ? 1 : lookUp(`${prefix}m`)?.magnitude_;
}

/** Rid of the binary dust of the library's tables. */
const exact = (value: number): number => Number(value.toPrecision(12));
