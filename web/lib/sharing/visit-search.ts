import type { VisitSummary } from '#api/contract/visits-api.ts';
import { normaliseName } from '#lib/results/normal-text.ts';

const JAPAN_MS = 9 * 60 * 60 * 1000;
/** Made once for each visit, when it comes: nobody who types waits for a hundred thousand of them. */
const KEYS = new WeakMap<VisitSummary, string>();

/** What a visit is found by: name, kana, birth date, day and time in Japan, and the visit's own number. */
export function searchKey(visit: VisitSummary): string {
  const known = KEYS.get(visit);
  if (known !== undefined) return known;
  const { person, presentedAt, visitId } = visit;
  const at = new Date(Date.parse(presentedAt) + JAPAN_MS).toISOString();
  const day = `${Number(at.slice(5, 7))}/${Number(at.slice(8, 10))}`;
  const names = person ? [normaliseName(person.name), normaliseName(person.kana)] : [];
  const births = person ? [person.birthDate, person.birthDate.replaceAll('-', '')] : [];
  const key = [...names, ...births, day, at.slice(11, 16), visitId.toUpperCase()].join('\n');
  KEYS.set(visit, key);
  return key;
}

/** The parts of what was typed, each made comparable. */
const partsOf = (typed: string): readonly string[] =>
  typed
    .normalize('NFKC')
    .split(/\s+/)
    .map(normaliseName)
    .filter((part) => part !== '');

/** Whether a visit holds every part of what was typed, in whatever width or kana. */
export const matchesVisit = (visit: VisitSummary, typed: string): boolean =>
  partsOf(typed).every((part) => searchKey(visit).includes(part));

/** Searches a list again and again while somebody types. */
export class VisitSearch<V extends VisitSummary> {
  /** The list's keys in its order: to look each up with every letter takes longer than to search it. */
  #indexed: { readonly visits: readonly V[]; readonly keys: readonly string[] } = { visits: [], keys: [] };

  find(visits: readonly V[], typed: string): readonly V[] {
    const parts = partsOf(typed);
    if (parts.length === 0) return visits;
    if (this.#indexed.visits !== visits) this.#indexed = { visits, keys: visits.map(searchKey) };
    const { keys } = this.#indexed;
    return visits.filter((_visit, index) => parts.every((part) => keys[index]?.includes(part)));
  }
}
