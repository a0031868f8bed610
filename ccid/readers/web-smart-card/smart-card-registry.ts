import type { CardState } from '../reader.ts';
import type { ReaderSettings } from '../reader-options.ts';
import type { SmartCardApi } from './smart-card-api.ts';
import { smartCardFailure } from './smart-card-failure.ts';
import { SmartCardReader, type CardWatching } from './smart-card-reader.ts';
import { watchStatus } from './status-watch.ts';

interface Entry {
  readonly reader: SmartCardReader;
  readonly listeners: Set<(state: CardState) => void>;
  state: CardState | undefined;
  count: number;
}

/** How much slower than a card a service that does not answer is asked again. */
const RETRY_FACTOR = 4;

/** The readers of one smart card service; the options of the first caller hold. */
export class SmartCardRegistry implements CardWatching {
  readonly #api: SmartCardApi;
  readonly #settings: ReaderSettings;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  /** Running as long as somebody wants to know. */
  #watch: AbortController | undefined;

  private constructor(api: SmartCardApi, settings: ReaderSettings) {
    this.#api = api;
    this.#settings = settings;
  }

  static readonly #registries = new WeakMap<SmartCardApi, SmartCardRegistry>();

  static of(api: SmartCardApi, settings: ReaderSettings): SmartCardRegistry {
    let registry = this.#registries.get(api);
    if (!registry) this.#registries.set(api, (registry = new SmartCardRegistry(api, settings)));
    return registry;
  }

  get readers(): readonly SmartCardReader[] {
    return [...this.#entries.values()].map(({ reader }) => reader);
  }

  /** Asks the service once. @throws {CardError} `usb_unsupported`, `reader_denied`, `reader_fault` */
  async list(): Promise<readonly SmartCardReader[]> {
    try {
      this.#update(await (await this.#api.establishContext()).listReaders());
    } catch (cause) {
      throw smartCardFailure('reach', cause);
    }
    return this.readers;
  }

  /** Follows coming and going until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#startOrStop();
    return () => {
      this.#listeners.delete(listener);
      this.#startOrStop();
    };
  }

  watchCard(name: string, listener: (state: CardState) => void): () => void {
    const entry = this.#entries.get(name);
    // A function given twice is two listeners.
    const own = (state: CardState): void => listener(state);
    if (!entry) own('absent');
    entry?.listeners.add(own);
    if (entry?.state !== undefined) own(entry.state);
    this.#startOrStop();
    return () => {
      entry?.listeners.delete(own);
      this.#startOrStop();
    };
  }

  #startOrStop(): void {
    const isWanted =
      this.#listeners.size > 0 || [...this.#entries.values()].some(({ listeners }) => listeners.size > 0);
    if (isWanted && !this.#watch) {
      this.#watch = new AbortController();
      const { clock, pollIntervalMs } = this.#settings;
      const pace = { clock, retryMs: pollIntervalMs * RETRY_FACTOR };
      void watchStatus(
        this.#api,
        { readers: (names) => this.#update(names), card: this.#card },
        pace,
        this.#watch.signal,
      );
    } else if (!isWanted) {
      this.#watch?.abort();
      this.#watch = undefined;
      for (const entry of this.#entries.values()) entry.state = undefined;
    }
  }

  #update(names: readonly string[]): void {
    const gone = [...this.#entries.keys()].filter((name) => !names.includes(name));
    const come = names.filter((name) => !this.#entries.has(name));
    for (const name of gone) {
      const entry = this.#entries.get(name);
      this.#entries.delete(name);
      entry?.reader.gone();
      if (entry) tell(entry, 'absent');
    }
    for (const name of come) {
      const reader = new SmartCardReader(name, this.#api, this.#settings, this);
      this.#entries.set(name, { reader, listeners: new Set(), state: undefined, count: 0 });
    }
    if (gone.length + come.length > 0) for (const listener of [...this.#listeners]) listener();
  }

  readonly #card = (name: string, isPresent: boolean, count: number): void => {
    const entry = this.#entries.get(name);
    if (!entry) return;
    const hasChanged = entry.state !== undefined && entry.count !== count;
    entry.count = count;
    if (!isPresent || hasChanged) entry.reader.cardChanged();
    // Taken away and laid back between two answers: listeners see both.
    if (isPresent && hasChanged && entry.state === 'present') tell(entry, 'absent');
    tell(entry, isPresent ? 'present' : 'absent');
  };
}

function tell(entry: Entry, state: CardState): void {
  if (entry.state === state) return;
  entry.state = state;
  for (const listener of [...entry.listeners]) listener(state);
}
