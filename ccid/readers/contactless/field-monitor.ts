import type { CardState } from '../reader.ts';
import type { ReaderSettings } from '../reader-options.ts';

/** How much slower than a card a reader that cannot be claimed is asked again. */
const RETRY_FACTOR = 4;

/** Knows whether a card is in the field for as long as somebody listens, by looking again and again. */
export class FieldMonitor {
  readonly #look: () => Promise<CardState>;
  readonly #settings: ReaderSettings;
  readonly #unplugged: AbortSignal;
  readonly #listeners = new Set<(state: CardState) => void>();
  #state: CardState | undefined;
  #cancelNext: (() => void) | undefined;
  /** Counts the times of listening: an answer to an earlier look is no news. */
  #watch = 0;

  constructor(look: () => Promise<CardState>, settings: ReaderSettings, unplugged: AbortSignal) {
    this.#look = look;
    this.#settings = settings;
    this.#unplugged = unplugged;
    unplugged.addEventListener('abort', () => this.tell('absent'), { once: true });
  }

  /** Tells the state as soon as it is known and at every change. */
  watch(listener: (state: CardState) => void): () => void {
    // A function given twice is two listeners.
    const own = (state: CardState): void => listener(state);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) void this.#ask(++this.#watch);
    else if (this.#state !== undefined) own(this.#state);
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** What somebody else learnt of the card. */
  tell(state: CardState): void {
    if (this.#listeners.size === 0 || this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  /** Forgets every listener. */
  close(): void {
    this.#listeners.clear();
    this.#stop();
  }

  #stop(): void {
    this.#watch++;
    this.#cancelNext?.();
    this.#cancelNext = undefined;
    this.#state = undefined;
  }

  async #ask(watch: number): Promise<void> {
    let { pollIntervalMs } = this.#settings;
    let state: CardState = 'absent';
    try {
      state = await this.#look();
    } catch {
      // The caller learns the reason from connect(); here a reader that cannot be asked has no card.
      pollIntervalMs *= RETRY_FACTOR;
    }
    if (watch !== this.#watch) return;
    this.tell(state);
    if (this.#unplugged.aborted) return;
    this.#cancelNext = this.#settings.clock.after(pollIntervalMs, () => void this.#ask(watch));
  }
}
