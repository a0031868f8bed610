import type { SimulatedCard } from '../card.ts';
import type { ReaderFaults } from '../faults.ts';
import type { GadgetBus, GadgetSetup, UsbGadget } from '../usb-gadget.ts';
import { encodeConfiguration, ENDPOINT, type CcidReaderModel } from './ccid-descriptors.ts';
import { CcidSlotFirmware } from './ccid-slot.ts';

/** Who the simulated reader says it is. */
export interface GadgetIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  readonly serialNumber: string | undefined;
}

const FAILED = 0x40;

/** The firmware of a simulated CCID reader (CCID §6), written from the device's side. */
export class CcidGadget implements UsbGadget {
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice = 0x0100;
  readonly manufacturerName = 'Simulated';
  readonly productName: string;
  readonly serialNumber: string | undefined;
  readonly configurationDescriptor: Uint8Array;
  readonly #model: CcidReaderModel;
  readonly #slots: readonly CcidSlotFirmware[];
  #bus: GadgetBus | undefined;
  #received: number[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(identity: GadgetIdentity, model: CcidReaderModel, faults: ReaderFaults) {
    this.vendorId = identity.vendorId;
    this.productId = identity.productId;
    this.productName = identity.productName;
    this.serialNumber = identity.serialNumber;
    this.configurationDescriptor = encodeConfiguration(model);
    this.#model = model;
    this.#slots = Array.from(
      { length: model.slotCount },
      (_, slot) => new CcidSlotFirmware(model, faults, () => this.#notify(slot)),
    );
  }

  start(bus: GadgetBus): void {
    this.#bus = bus;
    this.#received = [];
    for (const slot of this.#slots) slot.powerOff();
  }

  stop(): void {
    this.#bus = undefined;
    for (const slot of this.#slots) slot.powerOff();
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

  control(_setup: GadgetSetup, _data: Uint8Array): Uint8Array | undefined {
    return undefined;
  }

  receive(_endpoint: number, bytes: Uint8Array): boolean {
    this.#received.push(...bytes);
    while (this.#received.length >= 10) {
      const [, l0 = 0, l1 = 0, l2 = 0, l3 = 0] = this.#received;
      const length = 10 + l0 + l1 * 0x100 + l2 * 0x10000 + l3 * 0x1000000;
      if (length > this.#model.dwMaxCCIDMessageLength) {
        this.#received = [];
        return false;
      }
      if (this.#received.length < length) break;
      const message = Uint8Array.from(this.#received.splice(0, length));
      this.#work = this.#work.then(() => this.#handle(message));
    }
    return true;
  }

  async #handle(message: Uint8Array): Promise<void> {
    const bus = this.#bus;
    const slot = this.#slots[message[5] ?? 0];
    if (!slot) return this.#answer(message, 0x81, 2 | FAILED, 5);
    const data = message.slice(10);
    switch (message[0]) {
      case 0x62: {
        const atr = slot.powerOn();
        if (!atr) return this.#answer(message, 0x80, slot.iccStatus | FAILED, 0xfe);
        return this.#answer(message, 0x80, slot.iccStatus, 0, 0, atr);
      }
      case 0x63:
        slot.powerOff();
        return this.#answer(message, 0x81, slot.iccStatus, 0, slot.iccStatus === 0 ? 0 : 1);
      case 0x65:
        return this.#answer(message, 0x81, slot.iccStatus, 0, slot.iccStatus === 0 ? 0 : 1);
      case 0x6c:
        return this.#answer(message, 0x82, slot.iccStatus, 0, slot.line.protocol, slot.line.structure);
      case 0x61:
        if (!slot.setParameters(message[7] ?? 0, data))
          return this.#answer(message, 0x82, slot.iccStatus | FAILED, 7, message[7]);
        return this.#answer(message, 0x82, slot.iccStatus, 0, slot.line.protocol, slot.line.structure);
      case 0x6f: {
        const outcome = await slot.transfer(data, (message[8] ?? 0) | ((message[9] ?? 0) << 8));
        // Unplugged meanwhile: the answer belongs to a bus that is gone.
        if (this.#bus !== bus) return;
        if (outcome.kind === 'error') return this.#answer(message, 0x80, slot.iccStatus | FAILED, outcome.bError);
        return this.#answer(message, 0x80, slot.iccStatus, 0, outcome.chain, outcome.data);
      }
      default:
        return this.#answer(message, 0x81, slot.iccStatus | FAILED, 0);
    }
  }

  #answer(
    request: Uint8Array,
    type: number,
    bStatus: number,
    bError: number,
    specific = 0,
    data: Uint8Array = new Uint8Array(),
  ): void {
    const { length } = data;
    const size = [length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, length >>> 24];
    const header = [type, ...size, request[5] ?? 0, request[6] ?? 0, bStatus, bError, specific];
    this.#bus?.send(ENDPOINT.BULK_IN, Uint8Array.from([...header, ...data]), { zeroLengthPacket: true });
  }
}
