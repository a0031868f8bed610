import type { GadgetBus, UsbGadget } from '../usb-gadget.ts';
import { ContactlessAnswers } from './contactless-answers.ts';
import type { ContactlessFaults } from './contactless-faults.ts';
import type { ContactlessField, Heard } from './contactless-field.ts';

/**
 * What the reader does with the data of a transparent exchange, which is not known for sure of the real one: `blocks`
 * passes ISO-DEP blocks on at layer 4, `apdus` adds the prologue itself, `layer-3` refuses layer 4, and
 * `layer-3-exchange` activates to layer 4 but refuses every exchange there.
 */
export type RcS300Variant = 'blocks' | 'apdus' | 'layer-3' | 'layer-3-exchange';

const OUT = 0x02;
const IN = 0x82;
const NO_CARD = [0x6a, 0x81];
const SILENCE = [0x64, 0x01];
const REFUSED = [0x69, 0x85];

/** The vendor interface of a simulated RC-S300: Escape messages with transparent-session commands in them. */
export class RcS300Gadget implements UsbGadget {
  readonly vendorId = 0x054c;
  readonly productId = 0x0dc8;
  readonly bcdDevice = 0x0100;
  readonly manufacturerName = 'Simulated';
  readonly productName = 'Simulated RC-S300/S';
  readonly serialNumber: string | undefined;
  /** Interface 0 is the protected one. */
  readonly configurationDescriptor: Uint8Array = Uint8Array.from([
    9, 2, 55, 0, 2, 1, 0, 0x80, 250,
    9, 4, 0, 0, 2, 0x0b, 0, 0, 0,
    7, 5, 0x01, 2, 64, 0, 0,
    7, 5, 0x81, 2, 64, 0, 0,
    9, 4, 1, 0, 2, 0xff, 0, 0, 0,
    7, 5, OUT, 2, 64, 0, 0,
    7, 5, IN, 2, 64, 0, 0,
  ]); // prettier-ignore
  readonly #variant: RcS300Variant;
  readonly #field: ContactlessField;
  readonly #faults: ContactlessFaults;
  readonly #answers: ContactlessAnswers;
  #bus: GadgetBus | undefined;
  #turn = 0;
  #isTransparent = false;
  #layer = 0;

  constructor(
    variant: RcS300Variant,
    field: ContactlessField,
    faults: ContactlessFaults,
    serialNumber: string | undefined,
  ) {
    this.#variant = variant;
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
    this.#isTransparent = false;
    this.#layer = 0;
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
    const length = (bytes[1] ?? 0) + (bytes[2] ?? 0) * 256;
    if (bytes[0] !== 0x6b || bytes.length !== length + 10) return false;
    const turn = ++this.#turn;
    void this.#carryOut(bytes.slice(10)).then((reply) => {
      if (turn !== this.#turn) return;
      const size = [reply.length % 256, Math.floor(reply.length / 256), 0, 0];
      const header = [0x83, ...size, bytes[5] ?? 0, bytes[6] ?? 0, 2, 0, 0];
      this.#answers.send(this.#bus, Uint8Array.from([...header, ...reply]));
    });
    return true;
  }

  async #carryOut(command: Uint8Array): Promise<number[]> {
    const [cla, ins, , p2] = command;
    if (cla !== 0xff || ins !== 0x50) return [0x6e, 0x00];
    const data = command.slice(5);
    if (p2 === 0x00) return this.#manage(data[0] ?? 0);
    if (!this.#isTransparent) return report(REFUSED);
    if (p2 === 0x02) return this.#switchProtocol(data);
    if (p2 === 0x01) return this.#exchange(command);
    return [0x6a, 0x86];
  }

  #manage(tag: number): number[] {
    if (tag === 0x81 || tag === 0x82) this.#isTransparent = tag === 0x81;
    else if (tag === 0x83 || tag === 0x84) {
      this.#field.switch(tag === 0x84);
      this.#layer = 0;
    } else return [0x6a, 0x80];
    return report();
  }

  async #switchProtocol(data: Uint8Array): Promise<number[]> {
    const [tag, , standard, layer = 0] = data;
    if (tag !== 0x8f || standard !== 1) return [0x6a, 0x80];
    if (layer === 4 && this.#variant === 'layer-3') return report(REFUSED);
    const { side } = this.#field;
    if (!side) return report(NO_CARD);
    const poll = await this.#field.exchange(Uint8Array.of(0x05, 0x00, 0x08));
    if (poll.kind !== 'frame') return report(NO_CARD);
    this.#layer = layer;
    if (layer === 4) side.activate();
    return report([0x90, 0x00], [0x5f, 0x51, side.atqb.length, ...side.atqb]);
  }

  /** `FF 50 00 01 00 Lc Lc {5F46 timer} {95 data} 00 00 00` */
  async #exchange(command: Uint8Array): Promise<number[]> {
    const length = (command[5] ?? 0) * 256 + (command[6] ?? 0);
    if (command[4] !== 0 || command.length !== 7 + length + 3) return [0x67, 0x00];
    const data = transceived(command.slice(7, 7 + length));
    if (!data) return [0x6a, 0x80];
    if (!this.#field.side || this.#layer === 0) return report(NO_CARD);
    if (this.#layer === 4 && this.#variant === 'layer-3-exchange') return report(REFUSED);
    const wraps = this.#layer === 4 && this.#variant === 'apdus';
    return heard(wraps ? await this.#field.carryApdu(data) : await this.#field.exchange(data));
  }
}

/** The value behind tag 95; the timer before it is stepped over. */
function transceived(objects: Uint8Array): Uint8Array | undefined {
  let at = 0;
  if (objects[0] === 0x5f && objects[1] === 0x46 && objects[2] === 4) at = 7;
  if (objects[at] !== 0x95 || objects[at + 1] !== 0x82) return undefined;
  const length = (objects[at + 2] ?? 0) * 256 + (objects[at + 3] ?? 0);
  return objects.length === at + 4 + length ? objects.slice(at + 4) : undefined;
}

function heard(outcome: Heard): number[] {
  if (outcome.kind === 'nothing') return report(SILENCE);
  if (outcome.kind === 'bad-crc') return report([0x90, 0x00], [0x92, 1, 0, 0x96, 2, 0x01, 0]);
  const { length } = outcome.bytes;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return report([0x90, 0x00], [0x92, 1, 0, 0x96, 2, 0, 0, 0x97, ...size, ...outcome.bytes]);
}

/** `C0 03 error SW1 SW2`, what there is to report, and 9000 for the command as such. */
function report(status: readonly number[] = [0x90, 0x00], objects: readonly number[] = []): number[] {
  const isOk = status[0] === 0x90;
  return [0xc0, 3, isOk ? 0 : 1, ...status, ...objects, 0x90, 0x00];
}
