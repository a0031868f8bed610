import type { Analyte } from './analyte.ts';
import { createAxes, type Axis } from './axis.ts';
import { FLAGS, isAbnormal, type Flag } from './judgement.ts';
import { isWithdrawn, type ResultRow } from './result-row.ts';

/** All values of one analyte, from all hospitals. */
export interface AnalyteGroup {
  readonly key: string;
  readonly analyte: Analyte;
  /** Newest first; those without a time last. */
  readonly rows: readonly ResultRow[];
  readonly latest: ResultRow;
  /** One axis for each set of units that convert into each other; more than one means they must not be compared. */
  readonly axes: readonly Axis[];
  /** More than one when hospitals measured in different ways or specimens: to be said beside the values. */
  readonly methods: readonly string[];
  /** Names other than the first under which hospitals report it. */
  readonly otherNames: readonly string[];
}

/** Groups lines by analyte: abnormal ones first, then in the order of a laboratory sheet. */
export function groupByAnalyte(rows: readonly ResultRow[]): readonly AnalyteGroup[] {
  const byKey = Map.groupBy(rows, ({ analyte }) => analyte.key);
  return [...byKey]
    .flatMap(([key, members]) => createGroup(key, members))
    .sort((left, right) => urgency(left) - urgency(right) || compareText(left.key, right.key));
}

function createGroup(key: string, members: readonly ResultRow[]): readonly AnalyteGroup[] {
  const rows = [...members].sort(newestFirst);
  const latest = rows.find((row) => !isWithdrawn(row)) ?? rows[0];
  if (!latest) return [];
  const methods = [...new Set(rows.flatMap(({ analyte: { jlac10 } }) => (jlac10 ? [jlac10.code] : [])))];
  const otherNames = [...new Set(rows.map(({ analyte }) => analyte.name))].filter(
    (name) => name !== latest.analyte.name,
  );
  return [{ key, analyte: latest.analyte, rows, latest, axes: createAxes(rows), methods, otherNames }];
}

/** The flag that decides a group's place: the latest value's, as older ones were seen before. */
export const groupFlag = ({ latest }: AnalyteGroup): Flag => (isWithdrawn(latest) ? 'unjudged' : latest.judgement.flag);

function urgency(group: AnalyteGroup): number {
  const flag = groupFlag(group);
  return isAbnormal(flag) ? FLAGS.indexOf(flag) : FLAGS.length;
}

export const newestFirst = (left: ResultRow, right: ResultRow): number =>
  (right.takenAt?.at ?? -Infinity) - (left.takenAt?.at ?? -Infinity) || compareText(left.id, right.id);

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
