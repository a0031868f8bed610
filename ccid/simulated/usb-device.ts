import type { UsbConfiguration, UsbControlSetup, UsbDevice, UsbInResult, UsbOutResult } from '../transport/usb-api.ts';
import { InEndpoint } from './usb-endpoint.ts';
import type { GadgetBus, GadgetSetup, UsbGadget } from './usb-gadget.ts';
import { layoutOf } from './usb-layout.ts';

/** Interface classes that browsers keep from pages (WebUSB §7.1). */
const PROTECTED_CLASSES: ReadonlySet<number> = new Set([0x01, 0x03, 0x08, 0x0b, 0x0e, 0x10, 0xe0]);

const REQUEST_TYPES = { standard: 0, class: 1, vendor: 2 } as const;
const RECIPIENTS = { device: 0, interface: 1, endpoint: 2, other: 3 } as const;

/** What the world outside wants to know and decide. */
export interface BusRules {
  /** Isolated Web Apps may claim protected classes. */
  readonly isUnrestricted: boolean;
  /** Another program holds this interface. */
  isHeldElsewhere(interfaceNumber: number): boolean;
  /** Called for every bulk byte, both directions; `true` when the plug was pulled at it. */
  countBytes(count: number): boolean;
}

/** A gadget as a page sees it: what `navigator.usb` hands out, from plugging in to unplugging. Errors are the browser's. */
export class SimulatedUsbDevice implements UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  readonly deviceVersionSubminor: number;
  readonly manufacturerName: string;
  readonly productName: string;
  readonly serialNumber: string | undefined;
  readonly configurations: readonly UsbConfiguration[];
  readonly #gadget: UsbGadget;
  readonly #rules: BusRules;
  readonly #bus: GadgetBus;
  readonly #inEndpoints = new Map<number, InEndpoint>();
  readonly #claimed = new Set<number>();
  #isOpen = false;
  #isPresent = true;

  constructor(gadget: UsbGadget, rules: BusRules) {
    this.#gadget = gadget;
    this.#rules = rules;
    this.vendorId = gadget.vendorId;
    this.productId = gadget.productId;
    this.deviceVersionMajor = gadget.bcdDevice >> 8;
    this.deviceVersionMinor = (gadget.bcdDevice >> 4) & 0x0f;
    this.deviceVersionSubminor = gadget.bcdDevice & 0x0f;
    this.manufacturerName = gadget.manufacturerName;
    this.productName = gadget.productName;
    this.serialNumber = gadget.serialNumber;
    this.configurations = [layoutOf(gadget.configurationDescriptor)];
    for (const { endpointNumber, direction, packetSize } of this.#endpoints())
      if (direction === 'in') this.#inEndpoints.set(endpointNumber, new InEndpoint(packetSize));
    this.#bus = {
      send: (address, message, { zeroLengthPacket = false } = {}) => {
        if (this.#isPresent && !this.#rules.countBytes(message.length))
          this.#inEndpoints.get(address & 0x0f)?.send(message, zeroLengthPacket);
      },
      stall: (address) => this.#inEndpoints.get(address & 0x0f)?.stall(),
      babble: (address) => this.#inEndpoints.get(address & 0x0f)?.babble(),
    };
    gadget.start(this.#bus);
  }

  get opened(): boolean {
    return this.#isOpen;
  }

  get configuration(): UsbConfiguration | undefined {
    return this.configurations[0];
  }

  #endpoints() {
    return this.configurations.flatMap(({ interfaces }) =>
      interfaces.flatMap(({ alternates }) => alternates.flatMap(({ endpoints }) => endpoints)),
    );
  }

  async open(): Promise<void> {
    await this.#step();
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    await this.#step();
    this.#isOpen = false;
    this.#claimed.clear();
    this.#cancel(new DOMException('The transfer was cancelled.', 'AbortError'));
  }

  async selectConfiguration(configurationValue: number): Promise<void> {
    await this.#requireOpen();
    if (configurationValue !== this.configuration?.configurationValue)
      throw new DOMException('The configuration value provided is not supported by the device.', 'NotFoundError');
  }

  async claimInterface(interfaceNumber: number): Promise<void> {
    await this.#requireOpen();
    const { alternates } = this.#interface(interfaceNumber);
    if (this.#claimed.has(interfaceNumber)) return;
    const isProtected = alternates.some(({ interfaceClass }) => PROTECTED_CLASSES.has(interfaceClass));
    if (isProtected && !this.#rules.isUnrestricted)
      throw new DOMException('The requested interface implements a protected class.', 'SecurityError');
    if (this.#rules.isHeldElsewhere(interfaceNumber))
      throw new DOMException('Unable to claim interface.', 'NetworkError');
    this.#claimed.add(interfaceNumber);
  }

  async releaseInterface(interfaceNumber: number): Promise<void> {
    await this.#requireOpen();
    this.#interface(interfaceNumber);
    this.#claimed.delete(interfaceNumber);
    this.#cancel(new DOMException('The transfer was cancelled.', 'AbortError'), interfaceNumber);
  }

  async selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void> {
    await this.#requireOpen();
    const { alternates } = this.#interface(interfaceNumber);
    if (!alternates.some((alternate) => alternate.alternateSetting === alternateSetting))
      throw new DOMException('The alternate setting provided is not supported by the device.', 'NotFoundError');
  }

  async controlTransferIn(setup: UsbControlSetup, length: number): Promise<UsbInResult> {
    await this.#requireOpen();
    const bytes = this.#control(setup, 0x80, length, new Uint8Array());
    if (!bytes) return { status: 'stall' };
    const sent = bytes.slice(0, length);
    return { status: 'ok', data: new DataView(sent.buffer) };
  }

  async controlTransferOut(setup: UsbControlSetup, data = new Uint8Array()): Promise<UsbOutResult> {
    await this.#requireOpen();
    const isTaken = this.#control(setup, 0x00, data.length, data) !== undefined;
    return { status: isTaken ? 'ok' : 'stall', bytesWritten: isTaken ? data.length : 0 };
  }

  #control(setup: UsbControlSetup, direction: number, wLength: number, data: Uint8Array): Uint8Array | undefined {
    const { requestType, recipient, request, value, index } = setup;
    if (recipient === 'interface' && !this.#claimed.has(index & 0xff))
      throw new DOMException('The specified interface has not been claimed.', 'InvalidStateError');
    const raw: GadgetSetup = {
      bmRequestType: direction | (REQUEST_TYPES[requestType] << 5) | RECIPIENTS[recipient],
      bRequest: request,
      wValue: value,
      wIndex: index,
      wLength,
    };
    const isConfiguration = raw.bmRequestType === 0x80 && request === 0x06 && value >> 8 === 2;
    if (isConfiguration) return (value & 0xff) === 0 ? this.#gadget.configurationDescriptor : undefined;
    return requestType === 'standard' ? undefined : this.#gadget.control(raw, data);
  }

  async clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void> {
    await this.#requireOpen();
    this.#claimedEndpoint(direction, endpointNumber);
    if (direction === 'in') this.#inEndpoints.get(endpointNumber)?.clearHalt();
  }

  async transferIn(endpointNumber: number, length: number): Promise<UsbInResult> {
    await this.#requireOpen();
    this.#claimedEndpoint('in', endpointNumber);
    const endpoint = this.#inEndpoints.get(endpointNumber);
    if (!endpoint) throw new DOMException('No such endpoint.', 'NotFoundError');
    return endpoint.read(length);
  }

  async transferOut(endpointNumber: number, data: Uint8Array<ArrayBuffer>): Promise<UsbOutResult> {
    await this.#requireOpen();
    this.#claimedEndpoint('out', endpointNumber);
    const bytes = data.slice();
    if (this.#rules.countBytes(bytes.length)) throw unplugged();
    const isTaken = this.#gadget.receive(endpointNumber, bytes);
    return { status: isTaken ? 'ok' : 'stall', bytesWritten: isTaken ? bytes.length : 0 };
  }

  async reset(): Promise<void> {
    await this.#requireOpen();
    this.#cancel(new DOMException('The device was reset.', 'NetworkError'));
    this.#gadget.stop();
    this.#gadget.start(this.#bus);
  }

  /** The plug is out: what is under way fails before the `disconnect` event tells why. */
  unplug(): void {
    if (!this.#isPresent) return;
    this.#isPresent = false;
    this.#isOpen = false;
    this.#gadget.stop();
    this.#cancel(new DOMException('A transfer error has occurred.', 'NetworkError'));
  }

  #cancel(reason: DOMException, interfaceNumber?: number): void {
    const alternates =
      interfaceNumber === undefined
        ? undefined
        : this.#interface(interfaceNumber).alternates.flatMap((a) => a.endpoints);
    for (const [endpointNumber, endpoint] of this.#inEndpoints)
      if (!alternates || alternates.some((own) => own.direction === 'in' && own.endpointNumber === endpointNumber))
        endpoint.cancel(reason);
  }

  #interface(interfaceNumber: number): UsbConfiguration['interfaces'][number] {
    const found = this.configuration?.interfaces.find((candidate) => candidate.interfaceNumber === interfaceNumber);
    if (found) return found;
    throw new DOMException('The interface number provided is not supported by the device.', 'NotFoundError');
  }

  #claimedEndpoint(direction: 'in' | 'out', endpointNumber: number): void {
    const owner = this.configuration?.interfaces.find(({ alternates }) =>
      alternates.some(({ endpoints }) =>
        endpoints.some((endpoint) => endpoint.direction === direction && endpoint.endpointNumber === endpointNumber),
      ),
    );
    if (!owner || !this.#claimed.has(owner.interfaceNumber))
      throw new DOMException('The specified endpoint is not part of a claimed interface.', 'NotFoundError');
  }

  /** Every call takes at least one turn of the event queue, and fails on a device that is no longer there. */
  async #step(): Promise<void> {
    await Promise.resolve();
    if (!this.#isPresent) throw unplugged();
  }

  async #requireOpen(): Promise<void> {
    await this.#step();
    if (!this.#isOpen) throw new DOMException('The device must be opened first.', 'InvalidStateError');
  }
}

function unplugged(): DOMException {
  return new DOMException('The device was disconnected.', 'NotFoundError');
}
