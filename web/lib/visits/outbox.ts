import * as z from 'zod';
import { PresenceSubmission, readPresenceClaims } from '#api/contract/presence-proof.ts';
import { PROBLEM_CODES, type ProblemCode } from '#api/contract/problem.ts';
import type { LetterRecord, OfflineStore, Records, StoreChange } from '#lib/offline/offline-store.ts';
import { createSealer, openStorageKey, type Sealer } from '#lib/offline/sealer.ts';
import type { VisitCopies } from './visit-copies.ts';
import type { LocalVisit } from './local-visit.ts';

const ProblemCodes = z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]);

/** How a submission lay in the outbox before there were letters, and lies there while the gateway's key is unknown. */
const SealedEntry = z
  .object({ submission: PresenceSubmission, presentedAt: z.string(), problem: ProblemCodes.nullable() })
  .readonly();

/** A submission that no server has acknowledged. */
export interface OutboxEntry {
  readonly submissionId: string;
  readonly presentedAt: string;
  /** What the server last said, when it wants it later rather than never. */
  readonly problem: ProblemCode | null;
  /** In hand right after the tap; afterwards nobody on the device can read it. */
  readonly submission?: PresenceSubmission;
  /** Only the gateway opens it. */
  readonly letter?: string;
}

/** The submissions that wait on this device: a letter-box, into which everybody may throw and from which nobody reads. */
export interface Outbox {
  /** Durable when it resolves: from then on the screen may say that it is kept. @throws {OfflineError} */
  add(submission: PresenceSubmission): Promise<OutboxEntry>;
  /** Oldest first; what cannot be read stays in the store, for a version that can, and is counted. */
  list(): Promise<{ readonly entries: readonly OutboxEntry[]; readonly unreadable: number }>;
  /** Remembers why an entry still waits. */
  note(entry: OutboxEntry, problem: ProblemCode): Promise<void>;
  /** Moves an entry to the visits, in one step: it is never in both places and never in neither. */
  settle(visit: LocalVisit): Promise<void>;
  /** Puts what the device's own key sealed into letters, as soon as the gateway's key is known. */
  carryOver(): Promise<void>;
}

interface Dependencies {
  readonly store: OfflineStore;
  readonly copies: VisitCopies;
  /** A letter to the gateway; `undefined` before its key was ever heard. */
  readonly write: (submission: PresenceSubmission) => Promise<string | undefined>;
}

export function createOutbox({ store, copies, write }: Dependencies): Outbox {
  const seal = async (entry: z.infer<typeof SealedEntry>, sealer: Sealer): Promise<Records['outbox']> =>
    sealer.seal('outbox', entry.submission.submissionId, new Date(entry.presentedAt), entry);

  async function openSealed(record: Exclude<Records['outbox'], LetterRecord>): Promise<OutboxEntry> {
    const { submission, ...rest } = await createSealer(await openStorageKey(store)).open('outbox', record, SealedEntry);
    return { submissionId: submission.submissionId, submission, ...rest };
  }

  /** The entry as it is kept: in a letter where one can be written. */
  async function toRecord({ submission, letter, ...entry }: OutboxEntry): Promise<Records['outbox']> {
    const written = letter ?? (submission && (await write(submission)));
    const { submissionId: id, presentedAt, problem } = entry;
    if (written) return { id, createdAt: Date.parse(presentedAt), letter: written, problem };
    if (!submission) throw new TypeError('an entry is in hand or in a letter');
    return seal({ submission, presentedAt, problem }, createSealer(await openStorageKey(store)));
  }

  const put = async (entry: OutboxEntry): Promise<StoreChange & { readonly kind: 'put' }> => ({
    kind: 'put',
    table: 'outbox',
    record: await toRecord(entry),
  });

  return {
    async add(submission) {
      const { iat } = readPresenceClaims(submission.presence);
      const presentedAt = new Date(iat * 1000).toISOString();
      const entry = { submissionId: submission.submissionId, presentedAt, problem: null, submission };
      const change = await put(entry);
      await store.write([change]);
      return 'letter' in change.record ? { ...entry, letter: change.record.letter } : entry;
    },
    async list() {
      const records = await store.readAll('outbox');
      const readings = await Promise.allSettled(
        records.map(async (record) => ('letter' in record ? toEntry(record) : openSealed(record))),
      );
      const entries = readings.flatMap((reading) => (reading.status === 'fulfilled' ? [reading.value] : []));
      return { entries, unreadable: records.length - entries.length };
    },
    note: async (entry, problem) => store.write([await put({ ...entry, problem })]),
    settle: async (visit) =>
      store.write([{ kind: 'remove', table: 'outbox', id: visit.submissionId }, ...(await copies.file([visit]))]),
    async carryOver() {
      for (const record of await store.readAll('outbox')) {
        if ('letter' in record) continue;
        const entry = await openSealed(record).catch(() => undefined);
        const letter = entry?.submission && (await write(entry.submission));
        if (!entry || !letter) return;
        await store.write([await put({ ...entry, letter })]);
      }
      // Nothing is sealed by it any longer; whoever takes the disk finds no key to anything.
      if (!(await copies.needsDeviceKey())) await store.removeKey('storage');
    },
  };
}

const toEntry = ({ id, createdAt, letter, problem }: LetterRecord): OutboxEntry => ({
  submissionId: id,
  presentedAt: new Date(createdAt).toISOString(),
  problem: ProblemCodes.safeParse(problem).data ?? null,
  letter,
});
