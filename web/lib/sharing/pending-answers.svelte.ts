import { SvelteMap } from 'svelte/reactivity';
import type { InboxRequest } from '#api/contract/inbox-api.ts';
import type { Gateway } from '#lib/api/gateway.ts';
import type { Toasts } from '#lib/ui/toasts.svelte.ts';

/** How long an answer can still be taken back, in milliseconds. Nothing leaves the house before. */
export const UNDO_MS = 10_000;

export type Answer =
  | { readonly kind: 'release' }
  | {
      readonly kind: 'refusal';
      /** Shown to the doctor who asked. */
      readonly note: string | undefined;
    };

interface Dependencies {
  readonly gateway: Pick<Gateway, 'release' | 'refuse'>;
  readonly toasts: Pick<Toasts, 'showUndoable'>;
  readonly onAnswered: (request: InboxRequest) => void;
}

/** Answers that were decided and not yet sent, and those that could not be sent. */
export class PendingAnswers {
  readonly #waiting = new SvelteMap<string, Answer>();
  readonly #failures = new SvelteMap<string, unknown>();
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** What was decided for a request and is still on its way out. */
  waiting(id: string): Answer | undefined {
    return this.#waiting.get(id);
  }

  /** Why the last answer did not go out. */
  failure(id: string): unknown {
    return this.#failures.get(id);
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** Announces an answer and sends it when nobody took it back. Closing the page before then leaves it unsent. */
  answer(id: string, answer: Answer, text: string): void {
    if (this.#waiting.has(id)) return;
    this.#waiting.set(id, answer);
    this.#failures.delete(id);
    this.#dependencies.toasts.showUndoable(
      { text, stayMs: UNDO_MS },
      () => void this.#send(id, answer),
      () => void this.#waiting.delete(id),
    );
  }

  async #send(id: string, answer: Answer): Promise<void> {
    const { gateway, onAnswered } = this.#dependencies;
    try {
      onAnswered(await (answer.kind === 'release' ? gateway.release(id) : gateway.refuse(id, answer.note)));
    } catch (error) {
      this.#failures.set(id, error);
    } finally {
      this.#waiting.delete(id);
    }
  }
}
