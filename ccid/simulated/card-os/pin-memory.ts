import { equalBytes } from '../../iso7816/bytes.ts';
import { encodeBase64, parseBase64 } from '../base64.ts';
import type { PinFile } from './card-file.ts';

/** What outlives a power-off: plain JSON, to be kept where a real card would keep it in EEPROM. */
export interface CardState {
  /** By application name and file identifier in hex, `D392F000260100000001/0018`. */
  readonly pins: Readonly<Record<string, PinState>>;
}

/** One PIN as the card remembers it. */
export interface PinState {
  readonly triesLeft: number;
  /** The value after CHANGE REFERENCE DATA, base64; absent while it is the issued one. */
  readonly value?: string;
}

/** The outcome of a comparison; `triesLeft` is 0 when this very attempt blocked the PIN. */
export type PinOutcome =
  { readonly kind: 'right' } | { readonly kind: 'wrong'; readonly triesLeft: number } | { readonly kind: 'blocked' };

/** The retry counters and changed values of all PINs of one card. */
export class PinMemory {
  #pins: Map<string, PinState>;

  constructor(state: CardState | undefined) {
    this.#pins = new Map(Object.entries(state?.pins ?? {}));
  }

  triesLeft(name: string, pin: PinFile): number {
    return this.#pins.get(name)?.triesLeft ?? pin.tries;
  }

  /** Compares and counts: a right value restores the counter, a wrong one takes a try. */
  compare(name: string, pin: PinFile, offered: Uint8Array): PinOutcome {
    const triesLeft = this.triesLeft(name, pin);
    if (triesLeft === 0) return { kind: 'blocked' };
    if (equalBytes(offered, this.#value(name, pin))) {
      this.#remember(name, { triesLeft: pin.tries });
      return { kind: 'right' };
    }
    this.#remember(name, { triesLeft: triesLeft - 1 });
    return { kind: 'wrong', triesLeft: triesLeft - 1 };
  }

  change(name: string, pin: PinFile, value: Uint8Array): void {
    this.#remember(name, { triesLeft: pin.tries, value: encodeBase64(value) });
  }

  save(): CardState {
    return { pins: Object.fromEntries(this.#pins) };
  }

  #value(name: string, pin: PinFile): Uint8Array {
    const changed = this.#pins.get(name)?.value;
    return changed === undefined ? pin.value : parseBase64(changed);
  }

  #remember(name: string, state: PinState): void {
    this.#pins.set(name, { ...this.#pins.get(name), ...state });
  }
}
