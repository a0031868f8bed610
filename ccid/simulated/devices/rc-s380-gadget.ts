import type { GadgetBus, UsbGadget } from '../usb-gadget.ts';
import { ContactlessAnswers } from './contactless-answers.ts';
import type { ContactlessFaults } from './contactless-faults.ts';
import type { ContactlessField, Heard } from './contactless-field.ts';

const OUT = 0x02;
const IN = 0x81;
const ACK = Uint8Array.of(0, 0, 0xff, 0, 0xff, 0);

/** The firmware of a simulated RC-S380, as far as reading Type B cards goes, written from the reader's side. */
export class RcS380Gadget implements UsbGadget {
  readonly vendorId = 0x054c;
  readonly productId = 0x06c3;
  readonly bcdDevice = 0x0111;
  readonly manufacturerName = 'Simulated';
  readonly productName = 'Simulated RC-S380/P';
  readonly serialNumber: string | undefined;
  readonly configurationDescriptor: Uint8Array = Uint8Array.from([
    9, 2, 32, 0, 1, 1, 0, 0x80, 250,
    9, 4, 0, 0, 2, 0xff, 0, 0, 0,
    7, 5, OUT, 2, 64, 0, 0,
    7, 5, IN, 2, 64, 0, 0,
  ]); // prettier-ignore
  readonly #field: ContactlessField;
  readonly #faults: ContactlessFaults;
  readonly #answers: ContactlessAnswers;
  #bus: GadgetBus | undefined;
  /** Counts commands and aborts: an outcome of an earlier one is void. */
  #turn = 0;
  #rf: string | undefined;
  #protocol = new Map<number, number>();

  constructor(field: ContactlessField, faults: ContactlessFaults, serialNumber: string | undefined) {
    this.#field = field;
    this.#faults = faults;
    this.#answers = new ContactlessAnswers(faults, IN);
    this.serialNumber = serialNumber;
  }

  start(bus: GadgetBus): void {
    this.stop();
    this.#bus = bus;
  }

  stop(): void {
    this.#turn++;
    this.#bus = undefined;
    this.#rf = undefined;
    this.#protocol.clear();
    this.#answers.forget();
    this.#field.switch(false);
  }

  control(): undefined {
    return undefined;
  }

  receive(_endpoint: number, bytes: Uint8Array): boolean {
    if (this.#faults.stallsLeft > 0) {
      this.#faults.stallsLeft--;
      return false;
    }
    const turn = ++this.#turn;
    // An ACK from the host ends what is under way.
    if (bytes.length === 6 && bytes.every((byte, i) => byte === ACK[i])) return true;
    const data = unwrap(bytes);
    if (!data || data[0] !== 0xd6) {
      this.#bus?.send(IN, Uint8Array.of(0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0));
      return true;
    }
    this.#bus?.send(IN, ACK);
    void this.#carryOut(data[1] ?? 0, data.slice(2)).then((parameters) => {
      if (turn !== this.#turn) return;
      const answer = parameters ? [0xd7, (data[1] ?? 0) + 1, ...parameters] : [0xd7, 0xff];
      this.#answers.send(this.#bus, wrap(answer));
    });
    return true;
  }

  /** The parameters of the response, or `undefined` for a command that it does not know. */
  async #carryOut(code: number, parameters: Uint8Array): Promise<number[] | undefined> {
    switch (code) {
      case 0x00:
        this.#rf = [...parameters].join();
        return [0];
      case 0x02:
        for (let i = 0; i + 1 < parameters.length; i += 2)
          this.#protocol.set(parameters[i] ?? 0, parameters[i + 1] ?? 0);
        return [0];
      case 0x04:
        return status(await this.#communicate(parameters.slice(2)));
      case 0x06:
        this.#field.switch(parameters[0] === 1);
        return [0];
      case 0x20:
        return [0x11, 0x01];
      case 0x2a:
        return [parameters[0] === 1 ? 0 : 1];
      default:
        return undefined;
    }
  }

  async #communicate(frame: Uint8Array): Promise<Heard> {
    this.#field.switch(true);
    const isTypeB = this.#rf === '3,7,15,7' && [9, 10, 11, 12].every((number) => this.#protocol.get(number) === 1);
    const addsCrc = this.#protocol.get(1) === 1 && this.#protocol.get(2) === 1;
    return isTypeB && addsCrc ? this.#field.exchange(frame) : { kind: 'nothing' };
  }
}

function status(heard: Heard): number[] {
  if (heard.kind === 'frame') return [0, 0, 0, 0, 8, ...heard.bytes];
  return heard.kind === 'nothing' ? [0x80, 0, 0, 0] : [0x04, 0, 0, 0];
}

function unwrap(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 10 || bytes[2] !== 0xff || bytes[3] !== 0xff || bytes[4] !== 0xff) return undefined;
  const length = (bytes[5] ?? 0) | ((bytes[6] ?? 0) << 8);
  const data = bytes.slice(8, 8 + length);
  const sum = (part: Uint8Array): number => part.reduce((total, byte) => total + byte, 0) % 256;
  const isWhole = bytes.length === length + 10 && sum(bytes.slice(5, 8)) === 0 && sum(bytes.slice(8, 9 + length)) === 0;
  return isWhole ? data : undefined;
}

function wrap(data: readonly number[]): Uint8Array {
  const length = [data.length % 256, Math.floor(data.length / 256)];
  const check = (part: readonly number[]): number =>
    (256 - (part.reduce((total, byte) => total + byte, 0) % 256)) % 256;
  return Uint8Array.from([0, 0, 0xff, 0xff, 0xff, ...length, check(length), ...data, check(data), 0]);
}
