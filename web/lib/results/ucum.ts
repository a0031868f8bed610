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

interface Atom {
  readonly factor?: number;
  readonly exponent?: number;
  readonly dimension: string;
  /** How often the dimension counts: a litre is a length cubed. */
  readonly power?: number;
  readonly isMetric?: boolean;
}

/**
 * The atoms that laboratory values use (UCUM §§30–44). `U` and `[IU]` are dimensions of their own: an enzyme unit is
 * defined, an international unit is agreed for each substance.
 */
const ATOMS: Readonly<Record<string, Atom>> = {
  m: { dimension: 'm', isMetric: true },
  g: { dimension: 'g', isMetric: true },
  s: { dimension: 's', isMetric: true },
  mol: { dimension: 'mol', isMetric: true },
  eq: { dimension: 'eq', isMetric: true },
  osm: { dimension: 'osm', isMetric: true },
  U: { dimension: 'U', isMetric: true },
  '[IU]': { dimension: 'IU', isMetric: true },
  '[iU]': { dimension: 'IU', isMetric: true },
  'm[Hg]': { dimension: 'mHg', isMetric: true },
  L: { dimension: 'm', power: 3, exponent: -3, isMetric: true },
  l: { dimension: 'm', power: 3, exponent: -3, isMetric: true },
  min: { dimension: 's', factor: 60 },
  h: { dimension: 's', factor: 3600 },
  d: { dimension: 's', factor: 86_400 },
  '%': { dimension: '', exponent: -2 },
  '[ppth]': { dimension: '', exponent: -3 },
  '10*': { dimension: '', exponent: 1 },
  '10^': { dimension: '', exponent: 1 },
  Cel: { dimension: 'Cel' },
  '[pH]': { dimension: 'pH' },
  '[HPF]': { dimension: 'HPF' },
  '[LPF]': { dimension: 'LPF' },
};

/** UCUM §27. */
const PREFIXES: Readonly<Record<string, number>> = {
  T: 12,
  G: 9,
  M: 6,
  k: 3,
  h: 2,
  da: 1,
  d: -1,
  c: -2,
  m: -3,
  u: -6,
  n: -9,
  p: -12,
  f: -15,
};

/** Annotations that only say what is counted; any other is kept as a dimension, as it may change the meaning. */
const COUNTED = ['{cells}', '{cell}', '{count}', '{RBC}', '{WBC}', '{platelets}', '{#}'];

/** Reads a UCUM expression (case sensitive); `undefined` for what is not in the part of UCUM known here. */
export function parseUcum(expression: string): Measure | undefined {
  if (expression === '' || expression === '1') return { factor: 1, exponent: 0, dimensions: '' };
  let factor = 1;
  let exponent = 0;
  const dimensions = new Map<string, number>();
  for (const { text, sign } of splitTerm(expression)) {
    const component = readComponent(text);
    if (!component) return undefined;
    factor *= component.factor ** sign;
    exponent += component.exponent * sign;
    for (const [name, power] of component.dimensions) {
      dimensions.set(name, (dimensions.get(name) ?? 0) + power * sign);
    }
  }
  return { factor, exponent, dimensions: encodeDimensions(dimensions) };
}

const encodeDimensions = (dimensions: ReadonlyMap<string, number>): string =>
  [...dimensions]
    .filter(([name, power]) => name !== '' && power !== 0)
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
  readonly dimensions: ReadonlyMap<string, number>;
}

function readComponent(text: string): Component | undefined {
  const annotations = text.match(/\{[^}]*\}/g) ?? [];
  const bare = text.replaceAll(/\{[^}]*\}/g, '');
  const unit = bare === '' ? { factor: 1, exponent: 0, dimensions: new Map<string, number>() } : readSimpleUnit(bare);
  if (!unit) return undefined;
  const kept = annotations.filter((annotation) => !COUNTED.includes(annotation));
  return { ...unit, dimensions: new Map([...unit.dimensions, ...kept.map((name) => [name, 1] as const)]) };
}

function readSimpleUnit(text: string): Component | undefined {
  if (/^\d+$/.test(text)) return { factor: Number(text), exponent: 0, dimensions: new Map() };
  const parts = /^(10[*^]|.*?[^\d+-])([+-]?\d+)?$/.exec(text);
  if (!parts) return undefined;
  const atom = findAtom(parts[1] ?? '');
  if (!atom) return undefined;
  const power = Number(parts[2] ?? 1);
  return {
    factor: atom.factor ** power,
    exponent: atom.exponent * power,
    dimensions: new Map([[atom.dimension, atom.power * power]]),
  };
}

function findAtom(symbol: string): Required<Omit<Atom, 'isMetric'>> | undefined {
  const whole = Object.hasOwn(ATOMS, symbol) ? ATOMS[symbol] : undefined;
  if (whole) return withPrefix(whole, 0);
  for (const [prefix, exponent] of Object.entries(PREFIXES)) {
    const rest = symbol.startsWith(prefix) ? symbol.slice(prefix.length) : '';
    const atom = Object.hasOwn(ATOMS, rest) ? ATOMS[rest] : undefined;
    if (atom?.isMetric) return withPrefix(atom, exponent);
  }
  return undefined;
}

const withPrefix = ({ factor = 1, exponent = 0, dimension, power = 1 }: Atom, prefix: number) => ({
  factor,
  exponent: exponent + prefix,
  dimension,
  power,
});
