import type { CardState } from 'webusb-ccid';
import type { PresenceSubmission } from '#api/contract/presence-proof.ts';
import { placeOf, problemOf, type LocalVisit } from '#lib/visits/local-visit.ts';
import type { PresenceRequest } from '#lib/presence/take-presence.ts';

/** Steps of a tap that are finished, of four: found, read, signed, checked. */
export type StepsDone = 0 | 1 | 2 | 3 | 4;

/** What the reception's stage shows. */
export type Stage =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly done: StepsDone }
  | { readonly kind: 'done'; readonly visit: LocalVisit }
  /** The card is in order and unknown: it can be enrolled now, with its PIN. */
  | { readonly kind: 'new-card'; readonly visit: LocalVisit }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Dependencies {
  readonly take: (request: PresenceRequest) => Promise<PresenceSubmission>;
  /** Keeps the submission and hands it over (`Visits.take`). */
  readonly hand: (submission: PresenceSubmission) => Promise<LocalVisit>;
  readonly isAutomatic: () => boolean;
  readonly after: (ms: number, work: () => void) => void;
}

/** How long a success stays at least. */
const SUCCESS_MS = 2_000;
const STEPS = { found: 1, read: 2, signed: 3 } as const satisfies Record<string, StepsDone>;

/** Takes visits, one card after the other. */
export class Reception {
  #stage = $state.raw<Stage>({ kind: 'waiting' });
  #cardState = $state.raw<CardState>('absent');
  #isSuccessFresh = false;
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get isCardThere(): boolean {
    return this.#cardState === 'present';
  }

  /** A card was laid on the reader or taken off. */
  noticeCard(state: CardState): void {
    this.#cardState = state;
    if (state === 'present') {
      if (this.#dependencies.isAutomatic()) void this.tap();
      return;
    }
    this.#makeRoom();
  }

  /** Takes a visit with the card on the reader. Ends in a stage, never in a rejection. */
  tap(): Promise<void> {
    return this.#run(() =>
      this.#dependencies.take({
        purpose: 'visit',
        onProgress: (step) => this.#show({ kind: 'working', done: STEPS[step] }),
      }),
    );
  }

  /** Hands over a submission that was made elsewhere. */
  async present(submission: PresenceSubmission): Promise<void> {
    await this.#run(() => Promise.resolve(submission));
  }

  /** The next person, please. */
  next(): void {
    if (this.#stage.kind !== 'working') this.#show({ kind: 'waiting' });
  }

  async #run(take: () => Promise<PresenceSubmission>): Promise<void> {
    if (this.#stage.kind === 'working') return;
    this.#show({ kind: 'working', done: 0 });
    try {
      const submission = await take();
      this.#show({ kind: 'working', done: 3 });
      this.#finish(await this.#dependencies.hand(submission));
    } catch (error) {
      this.#show({ kind: 'failed', error });
    }
  }

  #finish(visit: LocalVisit): void {
    const isNew = problemOf(visit) === 'card_not_enrolled';
    this.#show(isNew ? { kind: 'new-card', visit } : { kind: 'done', visit });
    if (isNew) return;
    this.#isSuccessFresh = true;
    this.#dependencies.after(SUCCESS_MS, () => {
      this.#isSuccessFresh = false;
      if (!this.isCardThere) this.#makeRoom();
    });
  }

  /** A calm result goes when it was seen and the card is gone; one that asks for a person waits for one. */
  #makeRoom(): void {
    const stage = this.#stage;
    if (stage.kind === 'done' && !this.#isSuccessFresh && !needsAttention(stage.visit)) this.#show({ kind: 'waiting' });
  }

  #show(stage: Stage): void {
    this.#stage = stage;
  }
}

/** Whether somebody at the desk has to do or say something. */
export function needsAttention(visit: LocalVisit): boolean {
  if (placeOf(visit) === 'refused') return true;
  const status = visit.view?.coverage.status ?? 'unchecked';
  return status !== 'valid' && status !== 'unchecked';
}
