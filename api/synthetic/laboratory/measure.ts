import { type Day, ageOn } from '../calendar.ts';
import type { SyntheticPerson } from '../people/person.ts';
import { createRandom } from '../random.ts';
import { ANALYTES, ESTIMATED_GFR, type Analyte, type ReferenceRange, type Tendency } from './analytes.ts';

/** One value of one day, with the limits it is read against. */
export interface Measurement {
  readonly analyte: Analyte;
  readonly value: number;
  readonly range: ReferenceRange;
  /** High or low; absent within the limits. */
  readonly flag?: 'H' | 'L';
}

/** What somebody's blood shows on a day: the same whenever and wherever it is asked, and a slow wave from day to day. */
export function measure(person: SyntheticPerson, day: Day): readonly Measurement[] {
  const values = new Map(ANALYTES.map((analyte) => [analyte, valueOn(person, analyte, day)]));
  const creatinine = ANALYTES.find(({ abbreviation }) => abbreviation === 'CRE');
  const age = ageOn(day, person.birthDate);
  // The Japanese equation is for adults.
  if (creatinine && age >= 18) {
    values.set(ESTIMATED_GFR, estimateGfr(values.get(creatinine) ?? 1, age, person.sex));
  }
  return [...values].map(([analyte, value]) => {
    const range = analyte[person.sex];
    const rounded = Number(value.toFixed(analyte.decimals));
    const flag =
      range.high !== undefined && rounded > range.high
        ? 'H'
        : range.low !== undefined && rounded < range.low
          ? 'L'
          : undefined;
    return { analyte, value: rounded, range, ...(flag && { flag }) };
  });
}

/** 日本腎臓学会 2009: 194 × Cr^-1.094 × age^-0.287, × 0.739 for women, mL/min/1.73m². */
export function estimateGfr(creatinine: number, age: number, sex: 'male' | 'female'): number {
  return 194 * creatinine ** -1.094 * age ** -0.287 * (sex === 'female' ? 0.739 : 1);
}

/** What illness a person of this age plays in the demonstration. */
function tendencyOf(person: SyntheticPerson, day: Day): Tendency {
  const age = ageOn(day, person.birthDate);
  if (age >= 70) return 'kidney';
  if (age >= 50) return 'diabetes';
  if (age >= 18) return createRandom(`tendency/${person.payerId}`).pick(['liver', 'lipids']);
  return 'none';
}

const WAVE_DAYS = 1500;
const DAY_MS = 86_400_000;

function valueOn(person: SyntheticPerson, analyte: Analyte, day: Day): number {
  const personal = createRandom(`laboratory/${person.payerId}/${analyte.jlac10}`);
  const daily = createRandom(`laboratory/${person.payerId}/${analyte.jlac10}/${day}`);
  const { low = 0, high = low * 2 } = analyte[person.sex];
  const width = high - low;
  const { centre, swing } = analyte.tendencies[tendencyOf(person, day)] ?? {
    centre: low + width * (0.35 + 0.3 * personal.next()),
    swing: width * 0.08,
  };
  // One phase for everything of one person: sugar and HbA1c rise and fall together.
  const phase = createRandom(`phase/${person.payerId}`).next() * 2 * Math.PI;
  const wave = Math.cos((2 * Math.PI * Date.parse(day)) / DAY_MS / WAVE_DAYS + phase);
  return centre + swing * wave + (daily.next() - 0.5) * swing * 0.6;
}
