/**
 * What goes wrong with a simulated reader, to order. Every setting is for the next occasion only unless it says
 * otherwise; a new reader has no faults.
 */
export class ReaderFaults {
  /** The card is pulled while the APDU after this many is under way. */
  #apdusBeforePull: number | undefined;
  /** The plug is pulled when this many bulk bytes, both directions together, have travelled. */
  #bytesBeforeUnplug: number | undefined;
  #apdusBeforeMute: number | undefined;
  #isMuted = false;
  #isHeld = false;

  /** The card is taken away in the middle of APDU `n + 1` from now: it gets the command, its answer is lost. */
  pullCardAfterApdus(n: number): void {
    this.#apdusBeforePull = n;
  }

  /** The reader is unplugged when `n` more bytes have gone over the bulk endpoints. */
  unplugAtByte(n: number): void {
    this.#bytesBeforeUnplug = n;
  }

  /** From APDU `n + 1` from now the card does not answer any more, until it is taken away. */
  muteCardAfterApdus(n: number): void {
    this.#apdusBeforeMute = n;
  }

  /** The card stops answering. */
  mute(): void {
    this.muteCardAfterApdus(0);
  }

  /** Another program holds the interface, until it is given back with `false`. */
  holdElsewhere(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  get isHeldElsewhere(): boolean {
    return this.#isHeld;
  }

  /** Counts bulk bytes; `true` once when the plug is to be pulled. */
  countBytes(count: number): boolean {
    if (this.#bytesBeforeUnplug === undefined) return false;
    this.#bytesBeforeUnplug -= count;
    if (this.#bytesBeforeUnplug > 0) return false;
    this.#bytesBeforeUnplug = undefined;
    return true;
  }

  /** Asked once for every APDU that reaches the card. */
  nextApdu(): 'answer' | 'pull' | 'mute' {
    if (this.#apdusBeforePull !== undefined && this.#apdusBeforePull-- === 0) {
      this.#apdusBeforePull = undefined;
      return 'pull';
    }
    if (this.#apdusBeforeMute === undefined) return 'answer';
    if (this.#apdusBeforeMute > 0) {
      this.#apdusBeforeMute--;
      return 'answer';
    }
    this.#isMuted = true;
    return 'mute';
  }

  /** A card laid on anew answers again. */
  forgetMute(): void {
    this.#apdusBeforeMute = undefined;
    this.#isMuted = false;
  }

  /** Whether the card has fallen silent for good. */
  get isMuted(): boolean {
    return this.#isMuted;
  }
}
