import type { Quantity } from './fhir.ts';
import { normaliseText } from './normal-text.ts';
import { parseUcum, type Measure } from './ucum.ts';

/** The unit of a value: how it was written, and what it measures where that is known beyond doubt. */
export interface Unit {
  /** For the screen, as the laboratory wrote it. */
  readonly text: string;
  /** Two values with the same key are in the same unit. */
  readonly key: string;
  /** Absent for a unit that is only a name; such a unit is never converted. */
  readonly measure: Measure | undefined;
}

const UCUM_SYSTEM = 'http://unitsofmeasure.org';

/** Reads a quantity's unit. Where its UCUM code and its text contradict each other, neither is believed. */
export function readUnit({ unit = '', system, code }: Pick<Quantity, 'unit' | 'system' | 'code'>): Unit {
  const stated = system === UCUM_SYSTEM && code !== undefined ? parseUcum(code) : undefined;
  const written = parseUcum(informalToUcum(unit));
  const text = unit === '' ? (code ?? '') : unit;
  const isContradictory = stated !== undefined && unit !== '' && written !== undefined && !isSame(stated, written);
  const measure = isContradictory ? undefined : (stated ?? written);
  const key = measure ? measureKey(measure) : `text:${normaliseText(`${unit}|${code ?? ''}`)}`;
  return { text, key, measure };
}

const measureKey = ({ factor, exponent, dimensions }: Measure): string => {
  const shift = Math.floor(Math.log10(factor));
  return `${Number((factor / 10 ** shift).toPrecision(12))}e${exponent + shift} ${dimensions}`;
};

const isSame = (left: Measure, right: Measure): boolean => measureKey(left) === measureKey(right);

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Spellings of Japanese laboratories, in the order in which they are replaced. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/\s/g, ''],
  [/[μµ]/g, 'u'],
  [/^[×x*](?=10)/, ''],
  [/10\^(?=\d)/g, '10*'],
  [/^万\/?/, '10*4/'],
  [/^千\/?/, '10*3/'],
  [/^個\//, '/'],
  [/mmHg/, 'mm[Hg]'],
  [/\/1\.73m2/, '/{1.73_m2}'],
  [/([mukn]?)IU(?![A-Za-z])/g, '$1[IU]'],
  [/Eq(?![A-Za-z])/g, 'eq'],
  [/Osm(?![A-Za-z])/g, 'osm'],
  [/°C/, 'Cel'],
  [/^pH$/, '[pH]'],
  [/‰/, '[ppth]'],
  [/\/([HL]PF)$/, '/[$1]'],
  [/秒|sec(?![A-Za-z])/, 's'],
  [/時間|hr(?![A-Za-z])/, 'h'],
  [/分$/, 'min'],
  [/日|day(?![A-Za-z])/, 'd'],
];

/** The UCUM spelling of a unit as people write it; unchanged where none is known. */
export function informalToUcum(text: string): string {
  const powers = text.replaceAll(/10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, digits: string) => `10*${plainDigits(digits)}`);
  return SPELLINGS.reduce((unit, [pattern, spelling]) => unit.replace(pattern, spelling), normaliseText(powers));
}

const plainDigits = (digits: string): string => [...digits].map((digit) => SUPERSCRIPTS.indexOf(digit)).join('');
