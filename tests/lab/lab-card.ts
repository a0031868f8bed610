import { type OfferedCard, offerToQemu } from '../../ccid/cli/offer-card.ts';
import { createMyNumberCard } from './inside/cards.ts';

/** The host's card: laid on QEMU's reader and taken away as the guest asks. */
export class LabCard {
  readonly #socket: string;
  #offered: OfferedCard | undefined;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** Nothing happens when it is there already. @throws {CardError} `reader_gone` */
  async insert(): Promise<void> {
    this.#offered ??= await offerToQemu(createMyNumberCard(), this.#socket);
  }

  async remove(): Promise<void> {
    const offered = this.#offered;
    this.#offered = undefined;
    offered?.remove();
    await offered?.removed;
  }
}
