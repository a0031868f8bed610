import type { GadgetBus } from '../usb-gadget.ts';
import type { ContactlessFaults } from './contactless-faults.ts';

/** Sends the answers of a contactless reader over USB, each the way the next ordered fault demands. */
export class ContactlessAnswers {
  readonly #faults: ContactlessFaults;
  readonly #endpoint: number;
  #late: Uint8Array[] = [];

  constructor(faults: ContactlessFaults, endpoint: number) {
    this.#faults = faults;
    this.#endpoint = endpoint;
  }

  send(bus: GadgetBus | undefined, answer: Uint8Array): void {
    for (const late of this.#late.splice(0)) bus?.send(this.#endpoint, late);
    const send = (bytes: Uint8Array): void => bus?.send(this.#endpoint, bytes, { zeroLengthPacket: true });
    switch (this.#faults.nextAnswer()) {
      case 'wrong-seq':
        return send(answer.map((byte, i) => (i === 6 ? byte ^ 0x80 : byte)));
      case 'truncated':
        return send(answer.slice(0, 7));
      case 'split':
        send(answer.slice(0, 5));
        return send(answer.slice(5));
      case 'after-zero-length-packet':
        send(new Uint8Array());
        return send(answer);
      case 'stalled':
        return bus?.stall(this.#endpoint);
      case 'babble':
        return bus?.babble(this.#endpoint);
      case 'garbage':
        return send(Uint8Array.from({ length: 40 }, (_, i) => 0xff - i));
      case 'flood':
        return send(new Uint8Array(5000).fill(0x83));
      case 'lost':
        return;
      case 'late':
        this.#late.push(answer);
        return;
      default:
        return send(answer);
    }
  }

  forget(): void {
    this.#late = [];
  }
}
