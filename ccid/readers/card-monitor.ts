import type { CcidDevice, CcidSession } from './ccid-device.ts';
import type { CardState } from './reader.ts';
import type { ReaderSettings } from './reader-options.ts';

/** How much slower than a card a reader that cannot be claimed is asked again. */
const RETRY_FACTOR = 4;

/**
 * Knows whether a card is in one slot for as long as somebody listens: from the interrupt endpoint, or by asking again
 * and again where there is none.
 */
export class CardMonitor {
  readonly #device: CcidDevice;
  readonly #bSlot: number;
  readonly #settings: ReaderSettings;
  readonly #listeners = new Set<(state: CardState) => void>();
  #state: CardState | undefined;
  #cancelNext: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(device: CcidDevice, bSlot: number, settings: ReaderSettings, unplugged: AbortSignal) {
    this.#device = device;
    this.#bSlot = bSlot;
    this.#settings = settings;
    unplugged.addEventListener('abort', () => this.#set('absent'), { once: true });
  }

  /** Tells the state as soon as it is known and at every change. */
  watch(listener: (state: CardState) => void): () => void {
    // A function given twice is two listeners.
    const own = (state: CardState): void => listener(state);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#start();
    else if (this.#state !== undefined) own(this.#state);
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** Forgets every listener. */
  close(): void {
    this.#listeners.clear();
    this.#stop();
  }

  #start(): void {
    this.#stopListening = this.#device.listen((event) => {
      if (event.kind === 'ended') this.#askIn(this.#settings.pollIntervalMs);
      if (event.kind !== 'slot-change') return;
      const slot = event.slots[this.#bSlot];
      if (!slot) return;
      // Taken away and laid back between two messages: listeners see both.
      if (slot.isPresent && slot.hasChanged && this.#state === 'present') this.#set('absent');
      this.#set(slot.isPresent ? 'present' : 'absent');
    });
    void this.#ask();
  }

  #stop(): void {
    this.#stopListening?.();
    this.#cancelNext?.();
    this.#stopListening = undefined;
    this.#cancelNext = undefined;
    this.#state = undefined;
  }

  async #ask(): Promise<void> {
    this.#cancelNext = undefined;
    const { pollIntervalMs } = this.#settings;
    try {
      const session: CcidSession = await this.#device.session();
      const icc = await session.slot(this.#bSlot).iccStatus();
      this.#set(icc === 'absent' ? 'absent' : 'present');
      if (!session.hasInterrupts()) this.#askIn(pollIntervalMs);
    } catch {
      // The caller learns the reason from connect(); here a reader that cannot be asked has no card.
      this.#set('absent');
      if (!this.#device.isGone) this.#askIn(pollIntervalMs * RETRY_FACTOR);
    }
  }

  #askIn(delayMs: number): void {
    if (this.#listeners.size === 0) return;
    this.#cancelNext?.();
    this.#cancelNext = this.#settings.clock.after(delayMs, () => void this.#ask());
  }

  #set(state: CardState): void {
    if (this.#listeners.size === 0 || this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}
