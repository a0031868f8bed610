import type { VisitSummary } from '#api/contract/visits-api.ts';
import type { Person } from '#api/contract/person.ts';
import { dayOf } from '#lib/i18n/dates.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back a visit can be chosen without searching for it elsewhere. */
export const RECENT_DAYS = 14;

/** From when recent visits are asked for, RFC 3339. */
export const recentSince = (now: Date): string => new Date(now.getTime() - RECENT_DAYS * DAY_MS).toISOString();

/** A visit that can be worked with: the exchange recorded it, so that its person is known. */
export type Recorded<V extends VisitSummary> = V & { readonly person: Person };
export type RecordedVisit = Recorded<VisitSummary>;

export const isRecorded = <V extends VisitSummary>(visit: V): visit is Recorded<V> =>
  visit.state === 'recorded' && visit.person !== null;

/** Visits of today apart from those before; refused ones are nobody's visits. */
export function splitByDay<V extends VisitSummary>(
  visits: readonly V[],
  now: Date,
): { readonly today: readonly V[]; readonly earlier: readonly V[] } {
  const start = Date.parse(`${dayOf(now)}T00:00:00+09:00`);
  const [today, earlier]: [V[], V[]] = [[], []];
  for (const visit of visits) {
    if (visit.state === 'refused') continue;
    const since = Date.parse(visit.presentedAt) - start;
    (since >= 0 && since < DAY_MS ? today : earlier).push(visit);
  }
  return { today, earlier };
}

/** The newest visit of each person; visits without a name stay, as nobody knows whose they are. */
export function newestPerPerson<V extends VisitSummary>(visits: readonly V[]): readonly V[] {
  const newest = new Map<string, { readonly visit: V; readonly at: number }>();
  for (const visit of visits) {
    const key = visit.person?.subject ?? visit.submissionId;
    const at = Date.parse(visit.presentedAt);
    const other = newest.get(key);
    if (!other || at > other.at) newest.set(key, { visit, at });
  }
  return visits.filter((visit) => newest.get(visit.person?.subject ?? visit.submissionId)?.visit === visit);
}
