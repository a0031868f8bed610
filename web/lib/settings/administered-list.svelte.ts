/** A list that administrators change: fetched, and fetched again after each change. */
export class AdministeredList<T> {
  /** Undefined until it was fetched. */
  entries = $state.raw<readonly T[]>();
  /** Why it could not be fetched. */
  error = $state.raw<unknown>();
  readonly #fetch: () => Promise<readonly T[]>;
  readonly #tellFailure: (cause: unknown) => void;

  constructor(fetch: () => Promise<readonly T[]>, tellFailure: (cause: unknown) => void) {
    this.#fetch = fetch;
    this.#tellFailure = tellFailure;
  }

  async load(): Promise<void> {
    try {
      this.entries = await this.#fetch();
    } catch (cause) {
      this.error = cause;
    }
  }

  /** Makes a change, and shows what came of it. */
  async change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.load();
    } catch (cause) {
      this.#tellFailure(cause);
    }
  }
}
