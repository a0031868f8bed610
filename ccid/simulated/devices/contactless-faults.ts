import { ReaderFaults, type BlockFault } from '../faults.ts';

/** What goes wrong with one frame between antenna and card. */
export type FrameFault =
  | BlockFault
  /** The reader hears the answer before this one once more. */
  | 'duplicate-answer'
  /** The answer carries the other block number. */
  | 'wrong-number'
  /** The answer is no block, though its CRC is right. */
  | 'nonsense';

/** {@link ReaderFaults} of a contactless reader. */
export class ContactlessFaults extends ReaderFaults {
  readonly #frames: (FrameFault | undefined)[] = [];

  /** Orders a fault for a frame, after `skip` frames that are in order. */
  onFrame(fault: FrameFault, skip = 0): void {
    this.#frames[skip] = fault;
  }

  /** For the device: the fault of the frame that passes now. */
  nextFrame(): FrameFault | undefined {
    return this.#frames.shift();
  }

  override clear(): void {
    super.clear();
    this.#frames.length = 0;
  }
}
