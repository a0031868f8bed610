import { isUnreachable } from '#lib/api/api-error.ts';
import type { Connection } from '#lib/app/connection.svelte.ts';

/** How often to ask, and how to wait: a dependency, so that tests need not. */
export interface PollOptions {
  /** Milliseconds until the next question; asked anew each time, so that it may depend on what is awaited. */
  readonly intervalMs: () => number;
  readonly later?: (work: () => void, ms: number) => () => void;
  readonly now?: () => Date;
  /** Hears at once whether the server answered, and says when it is back. */
  readonly connection?: Pick<Connection, 'report' | 'onReconnect'>;
}

const MAX_BACK_OFF = 8;

/**
 * Something on the server that changes by itself, asked for politely: only while the page is in sight, one question at
 * a time, less often while there is no answer. The last answer stays, and `error` says when it may be old.
 */
export class Polled<T> {
  #value = $state.raw<T | undefined>(undefined);
  #error = $state.raw<unknown>(undefined);
  #answeredAt = $state.raw<string | undefined>(undefined);
  #pending: Promise<void> | undefined;
  #failures = 0;
  readonly #fetch: (signal: AbortSignal) => Promise<T>;
  readonly #options: PollOptions;

  constructor(fetch: (signal: AbortSignal) => Promise<T>, options: PollOptions) {
    this.#fetch = fetch;
    this.#options = options;
  }

  get value(): T | undefined {
    return this.#value;
  }

  /** Why the last question had no answer; `undefined` when it had one. */
  get error(): unknown {
    return this.#error;
  }

  /** When the server last answered, RFC 3339. */
  get answeredAt(): string | undefined {
    return this.#answeredAt;
  }

  /** Asks now; calls that overlap share one question. Never rejects. */
  refresh(signal: AbortSignal = new AbortController().signal): Promise<void> {
    this.#pending ??= this.#ask(signal).finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** Puts an answer that came another way, e.g. from a change made here, in the place of the last one. */
  replace(value: T): void {
    this.#value = value;
  }

  /** Asks again and again until the returned function is called. */
  start(page: Document): () => void {
    const stopping = new AbortController();
    const { later = wait, intervalMs, connection } = this.#options;
    let cancel = () => {};
    const round = async () => {
      cancel();
      if (page.visibilityState === 'visible') await this.refresh(stopping.signal);
      if (stopping.signal.aborted) return;
      cancel();
      cancel = later(() => void round(), intervalMs() * Math.min(2 ** this.#failures, MAX_BACK_OFF));
    };
    const seen = () => {
      if (page.visibilityState === 'visible') void round();
    };
    page.addEventListener('visibilitychange', seen);
    const stopListening = connection?.onReconnect(() => void round());
    void round();
    return () => {
      stopping.abort();
      cancel();
      page.removeEventListener('visibilitychange', seen);
      stopListening?.();
    };
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { now = readClock, connection } = this.#options;
    try {
      const value = await this.#fetch(signal);
      if (signal.aborted) return;
      this.#value = value;
      this.#error = undefined;
      this.#answeredAt = now().toISOString();
      this.#failures = 0;
      connection?.report(true);
    } catch (error) {
      if (signal.aborted) return;
      this.#error = error;
      this.#failures += 1;
      connection?.report(!isUnreachable(error));
    }
  }
}

const readClock = (): Date => new Date();

function wait(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
