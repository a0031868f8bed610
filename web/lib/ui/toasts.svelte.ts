import type { Tone } from './tone.ts';

const STAY_MS = 5_000;

/** A line at the bottom of the screen, with an undo where there is something to undo. */
export interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  /** Milliseconds until it goes by itself. */
  readonly stayMs: number;
  readonly undo?: (() => void) | undefined;
}

/** What every toast may be given. */
export interface ToastContent {
  readonly text: string;
  readonly tone?: Tone;
  readonly stayMs?: number;
}

/** The toasts of one window. Timers are a dependency, so that tests need not wait. */
export class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  readonly #later: (work: () => void, ms: number) => void;

  constructor(later: (work: () => void, ms: number) => void = (work, ms) => void setTimeout(work, ms)) {
    this.#later = later;
  }

  get list(): readonly Toast[] {
    return this.#list;
  }

  show({ text, tone = 'neutral', stayMs = STAY_MS }: ToastContent): void {
    this.#add({ text, tone, stayMs });
  }

  /**
   * Announces a deed and does it only when nobody took it back in time. Closing the page before then leaves it undone.
   */
  showUndoable({ text, tone = 'info', stayMs = 10_000 }: ToastContent, commit: () => void, undone?: () => void): void {
    let isOpen = true;
    const id = this.#add({
      text,
      tone,
      stayMs,
      undo: () => {
        if (!isOpen) return;
        isOpen = false;
        this.dismiss(id);
        undone?.();
      },
    });
    this.#later(() => {
      if (!isOpen) return;
      isOpen = false;
      commit();
    }, stayMs);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.#list = [...this.#list, { ...toast, id }];
    this.#later(() => this.dismiss(id), toast.stayMs);
    return id;
  }
}
