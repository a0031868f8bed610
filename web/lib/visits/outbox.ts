import * as z from 'zod';
import { PresenceSubmission, readPresenceClaims } from '#api/contract/presence-proof.ts';
import { PROBLEM_CODES, type ProblemCode } from '#api/contract/problem.ts';
import type { OfflineStore } from '#lib/offline/offline-store.ts';
import type { Sealer } from '#lib/offline/sealer.ts';
import { LocalVisit } from './local-visit.ts';

const OutboxEntry = z
  .object({
    submission: PresenceSubmission,
    presentedAt: z.string(),
    /** What the server last said, when it wants it later rather than never. */
    problem: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]).nullable(),
  })
  .readonly();

/** A submission that no server has acknowledged. */
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** The submissions and visits on this device, encrypted in the store. */
export interface Outbox {
  /** Durable when it resolves: from then on the screen may say that it is kept. @throws {OfflineError} */
  add(submission: PresenceSubmission): Promise<OutboxEntry>;
  /** Oldest first; what cannot be read stays in the store, for a version that can, and is counted. */
  list(): Promise<{ readonly entries: readonly OutboxEntry[]; readonly unreadable: number }>;
  /** Remembers why an entry still waits. */
  note(entry: OutboxEntry, problem: ProblemCode): Promise<void>;
  /** Moves an entry to the visits, in one step: it is never in both places and never in neither. */
  settle(visit: LocalVisit): Promise<void>;
  /** Keeps visits that a server told of and forgets those filed before `since`. */
  keepVisits(visits: readonly LocalVisit[], since: Date): Promise<void>;
  /** Those that can be read: servers know them too. */
  listVisits(): Promise<readonly LocalVisit[]>;
}

/** @param now when a visit is filed; yesterday's visits go when a new day's list arrives, however old their tap */
export function createOutbox(store: OfflineStore, sealer: Sealer, now: () => Date): Outbox {
  const put = async (entry: OutboxEntry) => ({
    kind: 'put' as const,
    table: 'outbox' as const,
    record: await sealer.seal('outbox', entry.submission.submissionId, new Date(entry.presentedAt), entry),
  });
  const putVisit = async (visit: LocalVisit) => ({
    kind: 'put' as const,
    table: 'visits' as const,
    record: await sealer.seal('visits', visit.submissionId, now(), visit),
  });

  return {
    async add(submission) {
      const { iat } = readPresenceClaims(submission.presence);
      const entry = { submission, presentedAt: new Date(iat * 1000).toISOString(), problem: null };
      await store.write([await put(entry)]);
      return entry;
    },
    async list() {
      const records = await store.readAll('outbox');
      const entries = await readable(records.map((record) => sealer.open('outbox', record, OutboxEntry)));
      return { entries, unreadable: records.length - entries.length };
    },
    note: async (entry, problem) => store.write([await put({ ...entry, problem })]),
    settle: async (visit) =>
      store.write([{ kind: 'remove', table: 'outbox', id: visit.submissionId }, await putVisit(visit)]),
    async keepVisits(visits, since) {
      const outdated = (await store.readAll('visits')).filter(({ createdAt }) => createdAt < since.getTime());
      await store.write([
        ...outdated.map(({ id }) => ({ kind: 'remove' as const, table: 'visits' as const, id })),
        ...(await Promise.all(visits.map(putVisit))),
      ]);
    },
    listVisits: async () =>
      readable((await store.readAll('visits')).map((record) => sealer.open('visits', record, LocalVisit))),
  };
}

async function readable<T>(openings: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(openings);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
