import type { VisitRecord } from '../visit-record.ts';

/** A visit record and the name others call it by: SHA-256 of its JWS. */
export interface ChainedRecord {
  readonly hash: string;
  readonly visit: VisitRecord;
}

/** What is wrong with the order of records; each names the place, so that it can be looked at. */
export type ChainFault =
  /** The record names a previous one that is not here. */
  | { readonly kind: 'previous_missing'; readonly record: string; readonly previous: string }
  /** Two records claim the same place in a person's chain. */
  | { readonly kind: 'previous_repeated'; readonly record: string; readonly previous: string | null }
  /** The record was accepted before the one it follows. */
  | { readonly kind: 'accepted_backwards'; readonly record: string; readonly previous: string }
  /** The institution's numbers `from` to `to` are not here. */
  | { readonly kind: 'sequence_gap'; readonly institution: string; readonly from: number; readonly to: number }
  | { readonly kind: 'sequence_repeated'; readonly institution: string; readonly sequence: number }
  /** The proven window is empty: not before is later than acceptance. */
  | { readonly kind: 'window_empty'; readonly record: string };

/**
 * Finds what is wrong with the chains of records of one exchange.
 *
 * `isWhole` says that nothing precedes these records; otherwise the first of each person and institution may follow
 * something outside. A visit presented long before it was accepted is no fault: offline clinics hand over late.
 */
export function findChainFaults(records: readonly ChainedRecord[], isWhole: boolean): readonly ChainFault[] {
  return [
    ...records.flatMap(findWindowFaults),
    ...groupBy(records, ({ visit }) => visit.subject).flatMap((group) => findSubjectFaults(group, isWhole)),
    ...groupBy(records, ({ visit }) => visit.institution).flatMap((group) => findSequenceFaults(group, isWhole)),
  ];
}

function findWindowFaults({ hash, visit }: ChainedRecord): readonly ChainFault[] {
  const isEmpty = Date.parse(visit.notBefore) > Date.parse(visit.acceptedAt);
  return isEmpty ? [{ kind: 'window_empty', record: hash }] : [];
}

/** One person's records at one exchange form one line: every previous known once, and only the first without. */
function findSubjectFaults(records: readonly ChainedRecord[], isWhole: boolean): readonly ChainFault[] {
  const byHash = new Map(records.map((record) => [record.hash, record]));
  const claimed = new Set<string | null>();
  const faults: ChainFault[] = [];
  let outside = 0;
  for (const { hash, visit } of records) {
    const { previous } = visit;
    if (claimed.has(previous)) faults.push({ kind: 'previous_repeated', record: hash, previous });
    claimed.add(previous);
    if (previous === null) continue;
    const before = byHash.get(previous);
    if (!before) {
      outside += 1;
      if (isWhole || outside > 1) faults.push({ kind: 'previous_missing', record: hash, previous });
    } else if (Date.parse(before.visit.acceptedAt) > Date.parse(visit.acceptedAt)) {
      faults.push({ kind: 'accepted_backwards', record: hash, previous });
    }
  }
  return faults;
}

function findSequenceFaults(records: readonly ChainedRecord[], isWhole: boolean): readonly ChainFault[] {
  const sequences = records.map(({ visit }) => visit.sequence).sort((a, b) => a - b);
  const institution = records[0]?.visit.institution ?? '';
  const faults: ChainFault[] = [];
  let last = isWhole ? 0 : (sequences[0] ?? 1) - 1;
  for (const sequence of sequences) {
    if (sequence === last) faults.push({ kind: 'sequence_repeated', institution, sequence });
    if (sequence > last + 1) faults.push({ kind: 'sequence_gap', institution, from: last + 1, to: sequence - 1 });
    last = sequence;
  }
  return faults;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  return [...Map.groupBy(items, keyOf).values()];
}
