/** What goes wrong with the message that answers a block. */
export type AnswerFault =
  /** bSeq is not the request's. */
  | 'wrong-seq'
  /** Sent only when the next answer is due, before it. */
  | 'late'
  /** Ends in the middle; the rest never comes. */
  | 'truncated'
  /** Comes in two transfers. Harmless. */
  | 'split'
  /** Follows an empty transfer. Harmless. */
  | 'after-zero-length-packet'
  /** The endpoint stalls, and the answer is lost. */
  | 'stalled'
  /** A packet is longer than it may be, and the answer is lost. */
  | 'babble'
  /** Bytes without end instead of a message. */
  | 'flood'
  /** Bytes that are no message. */
  | 'garbage'
  /** Never sent. */
  | 'lost'
  /** A hundred requests for more time come first. Harmless. */
  | 'time-extensions';

/** What goes wrong between reader and card with one T=1 block. */
export type BlockFault =
  /** A bit flips on the way to the card. */
  | 'corrupt-command'
  /** The card never gets the block; the reader says mute. */
  | 'lost-command'
  /** A bit flips on the way to the reader. */
  | 'corrupt-answer'
  /** The reader never gets the block; it says mute. */
  | 'lost-answer'
  /** The reader notices a parity error. */
  | 'parity-error';

/**
 * What goes wrong with a simulated reader, to order. Every order is for its next occasion only unless it says otherwise;
 * a new reader has no faults.
 */
export class ReaderFaults {
  #apdusBeforePull: number | undefined;
  #apdusBeforeMute: number | undefined;
  #bytesBeforeUnplug: number | undefined;
  #isMuted = false;
  #hangs = false;
  readonly #answers: (AnswerFault | undefined)[] = [];
  readonly #blocks: (BlockFault | undefined)[] = [];
  /** Another program holds the interface, as long as this is set. */
  isHeldElsewhere = false;
  /** OUT transfers stall: this many. */
  stallsLeft = 0;
  /** The configuration descriptor is read as these bytes instead. */
  descriptor: Uint8Array | undefined;

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

  /** The card works on its next APDU for ever while the reader asks for more time again and again. */
  hang(): void {
    this.#hangs = true;
  }

  /** Another program holds the interface, until it is given back with `false`. */
  holdElsewhere(isHeld: boolean): void {
    this.isHeldElsewhere = isHeld;
  }

  /** Orders a fault for the answer to a block, after `skip` answers that are in order. */
  onAnswer(fault: AnswerFault, skip = 0): void {
    this.#answers[skip] = fault;
  }

  /** Orders a fault for a T=1 block between reader and card, after `skip` blocks that are in order. */
  onBlock(fault: BlockFault, skip = 0): void {
    this.#blocks[skip] = fault;
  }

  /** Orders that were not carried out yet are forgotten. */
  clear(): void {
    this.#answers.length = 0;
    this.#blocks.length = 0;
    this.#bytesBeforeUnplug = undefined;
    this.#apdusBeforePull = undefined;
    this.#hangs = false;
    this.stallsLeft = 0;
    this.forgetMute();
  }

  /** For the device: counts bulk bytes; `true` once when the plug is to be pulled. */
  countBytes(count: number): boolean {
    if (this.#bytesBeforeUnplug === undefined) return false;
    this.#bytesBeforeUnplug -= count;
    if (this.#bytesBeforeUnplug > 0) return false;
    this.#bytesBeforeUnplug = undefined;
    return true;
  }

  /** For the device: asked once for every APDU that reaches the card. */
  nextApdu(): 'answer' | 'pull' | 'mute' | 'hang' {
    if (this.#hangs) {
      this.#hangs = false;
      return 'hang';
    }
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

  /** For the device: the fault of the answer that is due now. */
  nextAnswer(): AnswerFault | undefined {
    return this.#answers.shift();
  }

  /** For the device: the fault of the block that passes now. */
  nextBlock(): BlockFault | undefined {
    return this.#blocks.shift();
  }

  /** For the device: a card laid on anew answers again. */
  forgetMute(): void {
    this.#apdusBeforeMute = undefined;
    this.#isMuted = false;
  }

  /** For the device: whether the card has fallen silent for good. */
  get isMuted(): boolean {
    return this.#isMuted;
  }
}
