/** How much of a FHIR `dateTime` was stated. */
export type TimePrecision = 'year' | 'month' | 'day' | 'time';

/** A point in time as a document states it: never more precise than it was written. */
export interface StatedTime {
  /** Milliseconds since 1970; the beginning of the year, month or day in Japan where no time was stated. */
  readonly at: number;
  readonly precision: TimePrecision;
  readonly text: string;
}

const PRECISION_BY_LENGTH: Readonly<Record<number, TimePrecision>> = { 4: 'year', 7: 'month', 10: 'day' };
const JAPAN_OFFSET = '+09:00';

/** Reads a FHIR `dateTime` or `instant`; `undefined` for a day that no calendar has. */
export function parseStatedTime(text: string): StatedTime | undefined {
  const precision = PRECISION_BY_LENGTH[text.length] ?? 'time';
  const day = `${text}-01-01`.slice(0, 10);
  const at = Date.parse(precision === 'time' ? text : `${day}T00:00:00${JAPAN_OFFSET}`);
  return Number.isNaN(at) || !isCalendarDay(day) ? undefined : { at, precision, text };
}

/** `Date.parse` turns 30 February into 2 March; a stated day has to survive the way there and back. */
function isCalendarDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
