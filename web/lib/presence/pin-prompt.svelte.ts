import { CardError } from 'webusb-ccid';

/** Asks whoever holds the card for its PIN; the dialog that shows it stands in the shell. */
export class PinPrompt {
  #pending = $state.raw<{ readonly resolve: (pin: Uint8Array) => void; readonly reject: (error: Error) => void }>();

  get isOpen(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * The digits, which the caller owns and wipes.
   *
   * @throws {CardError} `aborted` when nobody wants to say it
   */
  ask(signal?: AbortSignal): Promise<Uint8Array> {
    this.cancel();
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      signal?.addEventListener('abort', () => this.cancel(), { once: true });
    });
  }

  /** Takes the digits that were asked for. */
  enter(pin: Uint8Array): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) pending.resolve(pin);
    else pin.fill(0);
  }

  cancel(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(new CardError('aborted', 'no PIN was given'));
  }
}
