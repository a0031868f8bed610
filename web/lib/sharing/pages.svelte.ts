import { onceEach } from './once-each.ts';

/** Asks the server for the page that follows an item, or for the first; `next` is what follows it, null at the end. */
export type FetchPage<T> = (
  after: string | undefined,
  signal: AbortSignal,
) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>;

/**
 * A list that grows without end, newest first: its first page, and as many before it as somebody wished to see. Whatever
 * is shown is asked for anew each time, so that no line of it is older than another.
 */
export class Pages<T> {
  #count = $state(1);
  #next = $state.raw<string | null>(null);
  readonly #fetchPage: FetchPage<T>;
  readonly #idOf: (item: T) => string;

  constructor(fetchPage: FetchPage<T>, idOf: (item: T) => string) {
    this.#fetchPage = fetchPage;
    this.#idOf = idOf;
  }

  /** How many pages are asked for. */
  get count(): number {
    return this.#count;
  }

  /** Whether the server has more than what was fetched last. */
  get hasEarlier(): boolean {
    return this.#next !== null;
  }

  /** Wishes for one page more; the next `fetch` brings it. */
  wishEarlier(): void {
    if (this.hasEarlier) this.#count += 1;
  }

  /** Each item once: one may move from page to page between two questions. */
  async fetch(signal: AbortSignal): Promise<readonly T[]> {
    const items: T[] = [];
    let next: string | null = null;
    for (let page = 0; page < this.#count; page += 1) {
      const answer = await this.#fetchPage(next ?? undefined, signal);
      items.push(...answer.items);
      next = answer.next;
      if (next === null) break;
    }
    this.#next = next;
    return onceEach(items, this.#idOf);
  }
}
