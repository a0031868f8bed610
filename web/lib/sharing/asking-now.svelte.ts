import type { ConsentProof } from '#api/contract/consent.ts';
import type { InstitutionId } from '#api/contract/ids.ts';
import { Problem } from '#api/contract/problem.ts';
import type { RecordKind } from '#api/contract/record-kind.ts';
import type { AvailableResults, ResultsQueryAnswer, ResultsQueryPosting } from '#api/contract/results-query.ts';
import { ApiError, isUnreachable } from '#lib/api/api-error.ts';
import type { RequestOptions } from '#lib/api/http-client.ts';

/** How long a doctor waits for an answer; longer than the gateway waits for one message. */
export const ASK_PATIENCE_MS = 25_000;

/**
 * What one institution said when it was asked what it has. `silent`: nobody there answered in time, which says nothing
 * about what it has. `refused`: it answered that it does not say, or something here was wrong.
 */
export type Asked =
  | { readonly kind: 'asking'; readonly since: Date }
  | { readonly kind: 'answered'; readonly at: string; readonly answer: AvailableResults }
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused'; readonly error: unknown };

/** Asks one institution, in a session of its own (`POST /api/queries`). */
export type AskInstitution = (posting: ResultsQueryPosting, options: RequestOptions) => Promise<ResultsQueryAnswer>;

/** Questions to institutions while the doctor waits, each on its own: one that is silent holds up no other. */
export class AskingNow {
  #asked = $state.raw<Readonly<Record<InstitutionId, Asked>>>({});
  #waiting: Readonly<Record<InstitutionId, AbortController>> = {};
  readonly #now: () => Date;

  constructor(now = readClock) {
    this.#now = now;
  }

  of(institution: InstitutionId): Asked | undefined {
    return this.#asked[institution];
  }

  get isWaiting(): boolean {
    return Object.values(this.#asked).some(({ kind }) => kind === 'asking');
  }

  /** How many documents of a visit its institution said there are; `undefined` while it said nothing of it. */
  countFor(institution: InstitutionId, visitId: string): number | undefined {
    const asked = this.#asked[institution];
    if (asked?.kind !== 'answered') return undefined;
    return asked.answer.results
      .filter((result) => result.visitId === visitId)
      .reduce((count, { documents }) => count + documents, 0);
  }

  /** Asks one; a question under way is not asked twice. Never rejects: what went wrong is the answer. */
  async ask(
    to: InstitutionId,
    about: { readonly consent: ConsentProof; readonly kinds: readonly RecordKind[] },
    send: AskInstitution,
  ): Promise<void> {
    if (this.#waiting[to]) return;
    const waiting = new AbortController();
    this.#waiting = { ...this.#waiting, [to]: waiting };
    this.#set(to, { kind: 'asking', since: this.#now() });
    const options = { signal: waiting.signal, timeoutMs: ASK_PATIENCE_MS };
    const asked = await send({ to, ...about }, options).then(
      ({ answer }): Asked => ({ kind: 'answered', at: this.#now().toISOString(), answer }),
      (error: unknown): Asked => (isSilence(error) ? { kind: 'silent' } : { kind: 'refused', error }),
    );
    // Another patient's history may have come into its place meanwhile.
    if (this.#waiting[to] !== waiting) return;
    this.#waiting = Object.fromEntries(Object.entries(this.#waiting).filter(([institution]) => institution !== to));
    this.#set(to, asked);
  }

  /** The doctor does not wait any longer. */
  stop(institution: InstitutionId): void {
    this.#waiting[institution]?.abort();
  }

  /** Nothing that was said before counts any more. */
  clear(): void {
    const waiting = Object.values(this.#waiting);
    this.#waiting = {};
    this.#asked = {};
    waiting.forEach((each) => each.abort());
  }

  #set(institution: InstitutionId, asked: Asked): void {
    this.#asked = { ...this.#asked, [institution]: asked };
  }
}

/** Nobody answered, on the way or there; a request that waits for them still gets through. */
function isSilence(error: unknown): boolean {
  if (error instanceof Problem) {
    return ['query_unanswered', 'session_ended', 'exchange_unreachable', 'unavailable'].includes(error.code);
  }
  return isUnreachable(error) || (error instanceof ApiError && error.code === 'request_aborted');
}

const readClock = (): Date => new Date();
