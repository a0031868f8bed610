import type { HistoryView } from '#api/contract/histories-api.ts';
import type { ConsentScope, PresenceSubmission } from '#api/contract/presence-proof.ts';
import type { PresenceRequest } from '#lib/presence/take-presence.ts';

/** Steps of a consent that are finished, of four: found, read, signed, checked. */
export type ConsentStepsDone = 0 | 1 | 2 | 3 | 4;

export type ConsentStage =
  /** The patient reads and chooses. */
  | { readonly kind: 'asking' }
  /** The patient agreed on the screen: now the card. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly done: ConsentStepsDone }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'done' };

interface Dependencies {
  readonly take: (request: PresenceRequest) => Promise<PresenceSubmission>;
  readonly fetchHistory: (submission: PresenceSubmission) => Promise<HistoryView>;
  /** Checks what came and takes it over. @throws {Problem} */
  readonly open: (view: HistoryView) => Promise<unknown>;
}

const STEPS = { found: 1, read: 2, signed: 3 } as const satisfies Record<string, ConsentStepsDone>;

/** A patient consents with the card: the scope on the screen is the one that is signed. */
export class ConsentTaking {
  #stage = $state.raw<ConsentStage>({ kind: 'asking' });
  #aborting = new AbortController();
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get stage(): ConsentStage {
    return this.#stage;
  }

  /** Agreed on the screen; the next card signs. */
  await(): void {
    if (this.#stage.kind !== 'working') this.#stage = { kind: 'waiting' };
  }

  /** Back to the choice: nothing was signed. */
  reconsider(): void {
    if (this.#stage.kind !== 'working') this.#stage = { kind: 'asking' };
  }

  /** The patient said no, or the room was left. A card dialogue that runs is broken off. */
  cancel(): void {
    this.#aborting.abort();
  }

  /** One contact with the card, then the histories. Ends in a stage, never in a rejection. */
  async sign(scope: ConsentScope): Promise<void> {
    if (this.#stage.kind !== 'waiting' && this.#stage.kind !== 'failed') return;
    this.#aborting = new AbortController();
    const { take, fetchHistory, open } = this.#dependencies;
    this.#stage = { kind: 'working', done: 0 };
    try {
      const submission = await take({
        purpose: 'history',
        scope,
        signal: this.#aborting.signal,
        onProgress: (step) => (this.#stage = { kind: 'working', done: STEPS[step] }),
      });
      this.#stage = { kind: 'working', done: 3 };
      await open(await fetchHistory(submission));
      this.#stage = { kind: 'done' };
    } catch (error) {
      this.#stage = { kind: 'failed', error };
    }
  }
}
