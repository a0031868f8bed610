import { CardError } from 'webusb-ccid';
import type { EnrolmentPins, TriesLeft } from './enrol-card.ts';

/** Which of a card's two PINs. */
export type PinName = keyof TriesLeft;

/** Where a guided enrolment is. */
export type EnrolmentStep =
  | { readonly kind: 'offer' }
  | { readonly kind: 'pin'; readonly pin: PinName; readonly triesLeft: number; readonly wrong: PinName | undefined }
  | { readonly kind: 'working' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Dependencies {
  readonly readTriesLeft: () => Promise<TriesLeft>;
  readonly enrol: (
    pins: EnrolmentPins,
    allowLastAttempt: boolean,
    onProgress: (step: string) => void,
  ) => Promise<unknown>;
}

/**
 * Enrols the card on the reader, with its PIN once. A PIN is asked for, used and wiped; it is never sent again, and a
 * last attempt is only made by somebody who was told that it is the last.
 */
export class Enrolment {
  #step = $state.raw<EnrolmentStep>({ kind: 'offer' });
  #hasOtherTextPin = $state.raw(false);
  #tries: TriesLeft = { auth: 0, text: 0 };
  #authPin: Uint8Array | undefined;
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get step(): EnrolmentStep {
    return this.#step;
  }

  /** The text application has other digits than the authentication key: both are asked for. */
  get hasOtherTextPin(): boolean {
    return this.#hasOtherTextPin;
  }

  set hasOtherTextPin(value: boolean) {
    this.#hasOtherTextPin = value;
  }

  /** Looks how many attempts are left, then asks for the PIN. */
  async begin(wrong?: PinName): Promise<void> {
    this.#step = { kind: 'working' };
    try {
      this.#tries = await this.#dependencies.readTriesLeft();
    } catch (error) {
      this.#step = { kind: 'failed', error };
      return;
    }
    if (this.#tries.auth === 0 || this.#tries.text === 0) {
      this.#step = { kind: 'failed', error: new CardError('pin_blocked', 'no attempts left', { attemptsLeft: 0 }) };
    } else {
      this.#ask('auth', wrong);
    }
  }

  /** Takes the digits that were asked for and becomes their owner. */
  async enter(pin: Uint8Array): Promise<void> {
    if (this.#step.kind !== 'pin') {
      pin.fill(0);
      return;
    }
    if (this.#step.pin === 'auth' && this.#hasOtherTextPin) {
      this.#authPin = pin;
      this.#ask('text');
      return;
    }
    const authPin = this.#authPin ?? pin;
    this.#authPin = undefined;
    await this.#enrol({ authPin, textPin: pin });
  }

  /** Gives up; nothing of a PIN stays behind. */
  cancel(): void {
    this.#authPin?.fill(0);
    this.#authPin = undefined;
    this.#step = { kind: 'offer' };
  }

  #ask(pin: PinName, wrong?: PinName): void {
    // With one PIN for both, the smaller counter is the one that matters.
    const triesLeft = this.#hasOtherTextPin ? this.#tries[pin] : Math.min(this.#tries.auth, this.#tries.text);
    this.#step = { kind: 'pin', pin, triesLeft, wrong };
  }

  async #enrol(pins: EnrolmentPins): Promise<void> {
    this.#step = { kind: 'working' };
    let isAuthPinRight = false;
    // The pad said so when only one attempt was left.
    const isLast = this.#tries.auth === 1 || this.#tries.text === 1;
    try {
      await this.#dependencies.enrol(pins, isLast, (step) => (isAuthPinRight ||= step === 'auth-signed'));
      this.#step = { kind: 'done' };
    } catch (error) {
      if (error instanceof CardError && error.code === 'pin_wrong') {
        this.#hasOtherTextPin ||= isAuthPinRight;
        await this.begin(isAuthPinRight ? 'text' : 'auth');
      } else {
        this.#step = { kind: 'failed', error };
      }
    } finally {
      pins.authPin.fill(0);
      pins.textPin.fill(0);
    }
  }
}
