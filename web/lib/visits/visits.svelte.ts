import type { LetterAnswer, VisitList, VisitView } from '#api/contract/visits-api.ts';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import type * as z from 'zod';
import { isUnreachable } from '#lib/api/api-error.ts';
import type { Exclusively } from '#lib/offline/exclusively.ts';
import { OfflineError } from '#lib/offline/offline-error.ts';
import { deliver, deliverAll, toWaitingVisit } from './deliver.ts';
import { toLocalVisit, type LocalVisit } from './local-visit.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import type { VisitCopies } from './visit-copies.ts';

interface Dependencies {
  readonly outbox: Outbox;
  readonly copies: VisitCopies;
  readonly send: (submission: PresenceSubmission) => Promise<VisitView>;
  readonly sendLetter: (letter: string) => Promise<LetterAnswer>;
  readonly fetchVisits: (since: string, limit: number) => Promise<z.infer<typeof VisitList>>;
  readonly exclusively: Exclusively;
  /** Tells this browser's other tabs that something changed. */
  readonly announce: () => void;
  /** Told how many submissions nobody has acknowledged, after every change. */
  readonly onWaiting: (count: number) => void;
  /** Start of the day whose visits are shown. */
  readonly startOfDay: () => Date;
}

const LOCK = 'tsunagi-outbox';
/** How many visits of a day are kept here; the search asks the server, which has all of them. */
const DAY_LIMIT = 500;

/** The visits of today on this device, where each of them is, and their way to the server. */
export class Visits {
  #waiting = $state.raw<readonly LocalVisit[]>([]);
  #answered = $state.raw<readonly LocalVisit[]>([]);
  #sending: readonly string[] = [];
  readonly #dependencies: Dependencies;
  #list = $derived(merge(this.#waiting, this.#answered));
  #unreadable = $state.raw(0);
  #isCut = $state(false);
  #restores = 0;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Newest first; what waits is there too. */
  get list(): readonly LocalVisit[] {
    return this.#list;
  }

  /** The server has more visits of today than it was asked for. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** How many submissions no server has acknowledged. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Submissions on this device that this version cannot read. They are kept and cannot be sent. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** A receipt is still to come for one of them. */
  get isUnfinished(): boolean {
    return this.#answered.some(({ view }) => view !== null && view.state !== 'refused' && view.receipt === null);
  }

  /** Reads what this device holds. @throws {OfflineError} the store does not answer */
  async restore(): Promise<void> {
    const { outbox, copies, onWaiting } = this.#dependencies;
    const turn = (this.#restores += 1);
    // The outbox first: a visit that moves between the two readings is then seen twice, never not at all.
    const { entries, unreadable } = await outbox.list();
    const visits = await copies.list();
    // A reading that began later knows more.
    if (turn !== this.#restores) return;
    this.#unreadable = unreadable;
    this.#waiting = entries.map(toWaitingVisit);
    this.#answered = visits;
    onWaiting(entries.length + unreadable);
  }

  /**
   * Takes a submission: keeps it, then hands it over. Answers the visit as far as it came; `isWaiting` says that it is
   * durable on this device and nowhere else.
   *
   * @throws {OfflineError} it could neither be kept nor handed over
   */
  async take(submission: PresenceSubmission): Promise<LocalVisit> {
    this.#sending = [...this.#sending, submission.submissionId];
    try {
      return await this.#keepAndDeliver(submission);
    } finally {
      this.#sending = this.#sending.filter((id) => id !== submission.submissionId);
    }
  }

  async #keepAndDeliver(submission: PresenceSubmission): Promise<LocalVisit> {
    const { outbox, send, sendLetter } = this.#dependencies;
    let entry: OutboxEntry;
    try {
      entry = await outbox.add(submission);
    } catch (error) {
      return this.#deliverUnkept(submission, error);
    }
    await this.#changed();
    try {
      return await deliver(entry, { outbox, send, sendLetter });
    } catch (error) {
      if (error instanceof OfflineError) throw error;
      return toWaitingVisit(entry);
    } finally {
      await this.#changed();
    }
  }

  /** The device can keep nothing, but the server may: its answer is as durable as anything. */
  async #deliverUnkept(submission: PresenceSubmission, reason: unknown): Promise<LocalVisit> {
    let visit: LocalVisit;
    try {
      visit = toLocalVisit(await this.#dependencies.send(submission));
    } catch {
      throw reason;
    }
    this.#answered = [visit, ...this.#answered];
    return visit;
  }

  /** Puts into letters what an earlier version kept under the device's own key. @throws {OfflineError} */
  async carryOver(): Promise<void> {
    const { outbox, exclusively } = this.#dependencies;
    await exclusively(LOCK, () => outbox.carryOver());
  }

  /** Hands over everything that waits. Never rejects for want of an answer. */
  async flush(): Promise<void> {
    const { outbox, send, sendLetter, exclusively } = this.#dependencies;
    if (this.#waiting.length === 0) return;
    try {
      await exclusively(LOCK, () => deliverAll({ outbox, send, sendLetter }, (id) => this.#sending.includes(id)));
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    } finally {
      await this.#changed();
    }
  }

  /** Asks the server for today's visits, among them those of other terminals, and keeps them for offline. */
  async refresh(): Promise<void> {
    const { copies, fetchVisits, startOfDay } = this.#dependencies;
    const since = startOfDay();
    const { visits } = await fetchVisits(since.toISOString(), DAY_LIMIT);
    this.#isCut = visits.length >= DAY_LIMIT;
    await copies.keep(visits.map(toLocalVisit), since);
    await this.restore();
  }

  async #changed(): Promise<void> {
    await this.restore();
    this.#dependencies.announce();
  }
}

/** Newest first, each visit once: what was answered stands above what was seen waiting. */
function merge(waiting: readonly LocalVisit[], answered: readonly LocalVisit[]): readonly LocalVisit[] {
  const unanswered = waiting.filter(
    ({ submissionId }) => !answered.some((visit) => visit.submissionId === submissionId),
  );
  return [...unanswered, ...answered].sort((a, b) => (a.presentedAt < b.presentedAt ? 1 : -1));
}
