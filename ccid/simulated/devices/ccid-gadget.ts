import type { SimulatedCard } from '../card.ts';
import type { ReaderFaults } from '../faults.ts';
import type { GadgetBus, GadgetSetup, UsbGadget } from '../usb-gadget.ts';
import { sendFaulty } from './ccid-answers.ts';
import { encodeConfiguration, ENDPOINT, type CcidReaderModel } from './ccid-descriptors.ts';
import { CcidSlotFirmware } from './ccid-slot.ts';
import { completePinCommand, pinPrologue, type SimulatedKeypad } from './keypad.ts';

/** Who the simulated reader says it is. */
export interface GadgetIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  readonly serialNumber: string | undefined;
}

/** The command in work; an abort makes its outcome void. */
interface Work {
  readonly message: Uint8Array;
  isVoid: boolean;
}

const FAILED = 0x40;
/** How often a reader asks for more time while a card hangs, milliseconds. */
const TIME_EXTENSION_INTERVAL_MS = 5;

/** The firmware of a simulated CCID reader (CCID §6), written from the device's side. */
export class CcidGadget implements UsbGadget {
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice = 0x0100;
  readonly manufacturerName = 'Simulated';
  readonly productName: string;
  readonly serialNumber: string | undefined;
  readonly #model: CcidReaderModel;
  readonly #faults: ReaderFaults;
  readonly #keypad: SimulatedKeypad;
  readonly #slots: readonly CcidSlotFirmware[];
  readonly #configurationDescriptor: Uint8Array;
  #bus: GadgetBus | undefined;
  #received: number[] = [];
  #current: Work | undefined;
  #line: Promise<void> = Promise.resolve();
  /** wValue of the last ABORT class request. */
  #abortNumber: number | undefined;
  #late: Uint8Array[] = [];

  constructor(identity: GadgetIdentity, model: CcidReaderModel, faults: ReaderFaults, keypad: SimulatedKeypad) {
    this.vendorId = identity.vendorId;
    this.productId = identity.productId;
    this.productName = identity.productName;
    this.serialNumber = identity.serialNumber;
    this.#configurationDescriptor = encodeConfiguration(model);
    this.#model = model;
    this.#faults = faults;
    this.#keypad = keypad;
    this.#slots = Array.from(
      { length: model.slotCount },
      (_, slot) => new CcidSlotFirmware(model, faults, () => this.#notify(slot)),
    );
  }

  get configurationDescriptor(): Uint8Array {
    return this.#faults.descriptor ?? this.#configurationDescriptor;
  }

  start(bus: GadgetBus): void {
    this.#bus = bus;
    this.#begin();
  }

  stop(): void {
    this.#bus = undefined;
    this.#begin();
  }

  #begin(): void {
    if (this.#current) this.#current.isVoid = true;
    this.#received = [];
    this.#late = [];
    this.#abortNumber = undefined;
    this.#line = Promise.resolve();
    for (const slot of this.#slots) slot.losePower();
  }

  insert(card: SimulatedCard, slot: number): void {
    this.#slots[slot]?.insert(card);
    this.#notify(slot);
  }

  remove(slot: number): void {
    if (!this.#slots[slot]?.isPresent) return;
    this.#slots[slot].remove();
    this.#notify(slot);
  }

  /** RDR_to_PC_NotifySlotChange (§6.3.1). */
  #notify(changed: number): void {
    if (!this.#model.hasInterrupt) return;
    const bitmap = new Uint8Array(Math.ceil(this.#slots.length / 4));
    this.#slots.forEach((slot, i) => {
      const bits = (slot.isPresent ? 1 : 0) | (i === changed ? 2 : 0);
      bitmap[i >> 2] = (bitmap[i >> 2] ?? 0) | (bits << ((i & 3) * 2));
    });
    this.#bus?.send(ENDPOINT.INTERRUPT_IN, Uint8Array.of(0x50, ...bitmap));
  }

  /** ABORT, GET_CLOCK_FREQUENCIES and GET_DATA_RATES (§5.3). */
  control({ bmRequestType, bRequest, wValue }: GadgetSetup): Uint8Array | undefined {
    if (bmRequestType === 0x21 && bRequest === 1 && this.#model.canAbort) {
      this.#abortNumber = wValue;
      return new Uint8Array();
    }
    if (bmRequestType !== 0xa1) return undefined;
    if (bRequest === 2) return Uint8Array.from(dword(4000));
    const { dataRates } = this.#model;
    return bRequest === 3 && dataRates.length > 0 ? Uint8Array.from(dataRates.flatMap(dword)) : undefined;
  }

  receive(_endpoint: number, bytes: Uint8Array): boolean {
    if (this.#faults.stallsLeft > 0) {
      this.#faults.stallsLeft--;
      return false;
    }
    this.#received.push(...bytes);
    while (this.#received.length >= 10) {
      const [, l0 = 0, l1 = 0, l2 = 0, l3 = 0] = this.#received;
      const length = 10 + l0 + l1 * 0x100 + l2 * 0x10000 + l3 * 0x1000000;
      if (length > this.#model.dwMaxCCIDMessageLength) {
        this.#received = [];
        return false;
      }
      if (this.#received.length < length) break;
      this.#accept(Uint8Array.from(this.#received.splice(0, length)));
    }
    return true;
  }

  #accept(message: Uint8Array): void {
    if (message[0] === 0x72) return this.#abort(message);
    this.#line = this.#line.then(() => {
      const work = { message, isVoid: false };
      this.#current = work;
      return this.#handle(work);
    });
  }

  /** PC_to_RDR_Abort fails the command in work and is then confirmed (§6.1.13). */
  #abort(message: Uint8Array): void {
    const [slot, seq] = [message[5] ?? 0, message[6] ?? 0];
    if (this.#abortNumber !== ((seq << 8) | slot)) return this.#answer(message, 0x81, 2 | FAILED, 0);
    this.#abortNumber = undefined;
    const iccStatus = this.#slots[slot]?.iccStatus ?? 2;
    const work = this.#current;
    if (work && !work.isVoid) {
      work.isVoid = true;
      this.#slots[slot]?.abandon();
      this.#answer(work.message, 0x80, iccStatus | FAILED, 0xff);
    }
    this.#line = Promise.resolve();
    this.#answer(message, 0x81, iccStatus, 0);
  }

  async #handle(work: Work): Promise<void> {
    const { message } = work;
    const slot = this.#slots[message[5] ?? 0];
    if (!slot) return this.#answer(message, 0x81, 2 | FAILED, 5);
    const data = message.slice(10);
    switch (message[0]) {
      case 0x62: {
        const atr = slot.powerOn(message[7] ?? 0);
        return typeof atr !== 'number'
          ? this.#answer(message, 0x80, slot.iccStatus, 0, 0, atr)
          : this.#answer(message, 0x80, slot.iccStatus | FAILED, atr);
      }
      case 0x63:
        slot.powerOff();
        return this.#answer(message, 0x81, slot.iccStatus, 0, 1);
      case 0x65:
        return this.#answer(message, 0x81, slot.iccStatus, 0, slot.iccStatus === 0 ? 0 : 1);
      case 0x6d:
        slot.resetParameters();
        return this.#answer(message, 0x82, slot.iccStatus, 0, slot.line.protocol, slot.line.structure);
      case 0x6c:
        return this.#answer(message, 0x82, slot.iccStatus, 0, slot.line.protocol, slot.line.structure);
      case 0x61:
        if (!slot.setParameters(message[7] ?? 0, data))
          return this.#answer(message, 0x82, slot.iccStatus | FAILED, 7, message[7]);
        return this.#answer(message, 0x82, slot.iccStatus, 0, slot.line.protocol, slot.line.structure);
      case 0x69: {
        const command = completePinCommand(data, this.#keypad);
        if (typeof command === 'number') return this.#answer(message, 0x80, slot.iccStatus | FAILED, command);
        return this.#transfer(work, slot, slot.wrapPinCommand(command, pinPrologue(data)), 0);
      }
      case 0x6f:
        return this.#transfer(work, slot, data, (message[8] ?? 0) | ((message[9] ?? 0) << 8));
      case 0x6b:
        slot.escape(data);
        return this.#answer(message, 0x83, slot.iccStatus, 0, 0, data);
      default:
        return this.#answer(message, 0x81, slot.iccStatus | FAILED, 0);
    }
  }

  async #transfer(work: Work, slot: CcidSlotFirmware, block: Uint8Array, wLevelParameter: number): Promise<void> {
    const { message } = work;
    const ask = setInterval(() => {
      if (work.isVoid) clearInterval(ask);
      else this.#answer(message, 0x80, slot.iccStatus | 0x80, 1);
    }, TIME_EXTENSION_INTERVAL_MS);
    const outcome = await slot.transfer(block, wLevelParameter);
    clearInterval(ask);
    // Aborted or unplugged meanwhile.
    if (work.isVoid) return;
    const late = this.#late.splice(0);
    for (const answer of late) this.#bus?.send(ENDPOINT.BULK_IN, answer);
    const answer =
      outcome.kind === 'error'
        ? encodeAnswer(message, 0x80, slot.iccStatus | FAILED, outcome.bError)
        : encodeAnswer(message, 0x80, slot.iccStatus, 0, outcome.chain, outcome.data);
    const fault = this.#faults.nextAnswer();
    if (fault === 'late') this.#late.push(answer);
    else if (this.#bus) sendFaulty(this.#bus, answer, fault);
  }

  #answer(...answer: Parameters<typeof encodeAnswer>): void {
    this.#bus?.send(ENDPOINT.BULK_IN, encodeAnswer(...answer), { zeroLengthPacket: true });
  }
}

function encodeAnswer(
  request: Uint8Array,
  type: number,
  bStatus: number,
  bError: number,
  specific = 0,
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  const header = [type, ...dword(data.length), request[5] ?? 0, request[6] ?? 0, bStatus, bError, specific];
  return Uint8Array.from([...header, ...data]);
}

function dword(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}
