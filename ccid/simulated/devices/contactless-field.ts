import type { SimulatedCard } from '../card.ts';
import type { ContactlessFaults } from './contactless-faults.ts';
import { ContactlessCardSide, type ContactlessBehaviour } from './contactless-card.ts';

/** What the antenna hears. */
export type Heard =
  { readonly kind: 'frame'; readonly bytes: Uint8Array } | { readonly kind: 'nothing' } | { readonly kind: 'bad-crc' };

/** The air above a simulated contactless reader: one card, and whatever goes wrong between it and the antenna. */
export class ContactlessField {
  readonly #faults: ContactlessFaults;
  readonly #behaviour: ContactlessBehaviour;
  #card: SimulatedCard | undefined;
  #side: ContactlessCardSide | undefined;
  #activations = 0;
  #isOn = false;
  #previous: Uint8Array | undefined;

  constructor(faults: ContactlessFaults, behaviour: ContactlessBehaviour) {
    this.#faults = faults;
    this.#behaviour = behaviour;
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
    this.#faults.forgetMute();
    this.#enter();
  }

  remove(): void {
    this.#card = undefined;
    this.#side = undefined;
    this.#faults.forgetMute();
  }

  switch(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (!isOn) {
      this.#side?.leaveField();
      // A card without power has nothing left to be silent about.
      this.#faults.forgetMute();
    }
    this.#side = undefined;
    this.#enter();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** The card, for readers that do more than pass frames on; `undefined` when there is none or it is silent. */
  get side(): ContactlessCardSide | undefined {
    return this.#faults.isMuted ? undefined : this.#side;
  }

  /** A new PUPI at each activation, as My Number cards have. */
  #enter(): void {
    if (!this.#isOn || !this.#card) return;
    const card = this.#card;
    const pupi = Uint8Array.of(0xe8, 0x25, 0x3e, ++this.#activations & 0xff);
    this.#side = new ContactlessCardSide(card, (command) => this.process(card, command), this.#behaviour, pupi);
  }

  /** One APDU to the card, with the faults that cards have. Never resolves when the card hangs or is silent. */
  async process(card: SimulatedCard, command: Uint8Array): Promise<Uint8Array> {
    const answer = await card.process(command);
    switch (this.#faults.nextApdu()) {
      case 'pull':
        this.remove();
        return answer;
      case 'hang':
        return new Promise(() => {});
      default:
        return answer;
    }
  }

  /** For readers with an ISO-DEP of their own: what the card answers to one APDU. */
  async carryApdu(command: Uint8Array): Promise<Heard> {
    const card = this.#card;
    if (!this.side || !card) return { kind: 'nothing' };
    const bytes = await this.process(card, command);
    return this.side ? { kind: 'frame', bytes } : { kind: 'nothing' };
  }

  /** Sends one frame and listens. */
  async exchange(frame: Uint8Array): Promise<Heard> {
    const fault = this.#faults.nextFrame();
    // The card ignores what has a wrong CRC, so both come to the same.
    if (fault === 'lost-command' || fault === 'corrupt-command' || !this.side) return { kind: 'nothing' };
    const bytes = await this.side.receive(frame);
    const previous = this.#previous;
    this.#previous = bytes;
    if (!bytes || fault === 'lost-answer' || !this.side) return { kind: 'nothing' };
    switch (fault) {
      case 'corrupt-answer':
      case 'parity-error':
        return { kind: 'bad-crc' };
      case 'duplicate-answer':
        return previous ? { kind: 'frame', bytes: previous } : { kind: 'nothing' };
      case 'wrong-number':
        return { kind: 'frame', bytes: bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) };
      case 'nonsense':
        return { kind: 'frame', bytes: Uint8Array.of(0xff, 0x00, 0xff) };
      default:
        return { kind: 'frame', bytes };
    }
  }
}
