import type { PluggableDevice } from '../../../ccid/simulated/usb.ts';
import { layoutOf } from '../../../ccid/simulated/usb-layout.ts';
import type { NativeUsb, NativeUsbDevice } from '../../../ccid/transport/node-usb/node-usb-api.ts';
import type { UsbConfiguration, UsbControlSetup } from '../../../ccid/transport/usb-api.ts';

/**
 * node-usb 3.1 as far as the transport can see it, over simulated devices. What differs from WebUSB is all here, as the
 * package does it: new objects for the same device at every call, a handle that tells them apart, transfers that end
 * after a second unless told otherwise and then lose what had come, plain errors for stalls and busy interfaces, control
 * requests that need a claimed interface and an array even for no data, endpoints for one transfer at a time, interfaces
 * that stay claimed while a transfer is under way and after `close`, no claiming while a transfer of the same object is
 * under way, properties that open the device and may throw.
 */
export class FakeNodeUsb extends EventTarget implements NativeUsb {
  readonly #plugged = new Map<PluggableDevice, Plugged>();
  #address = 0;
  /** Listeners that keep the process alive. */
  listenerCount = 0;

  getDevices(): Promise<NativeUsbDevice[]> {
    return Promise.resolve([...this.#plugged.values()].map((plugged) => new FakeNodeUsbDevice(plugged)));
  }

  override addEventListener(type: string, listener: (event: Event) => void): void {
    this.listenerCount++;
    super.addEventListener(type, listener);
  }

  override removeEventListener(type: string, listener: (event: Event) => void): void {
    this.listenerCount--;
    super.removeEventListener(type, listener);
  }

  plugIn(device: PluggableDevice, { isDenied = false }: { readonly isDenied?: boolean } = {}): void {
    const plugged = new Plugged(device, ++this.#address, isDenied);
    this.#plugged.set(device, plugged);
    this.#tell('connect', plugged);
  }

  unplug(device: PluggableDevice): void {
    const plugged = this.#plugged.get(device);
    if (!plugged) return;
    this.#plugged.delete(device);
    plugged.unplug();
    setTimeout(() => this.#tell('disconnect', plugged), 0);
  }

  /** Another program takes the interface. */
  hold(device: PluggableDevice): () => void {
    const plugged = this.#plugged.get(device);
    plugged?.claimedBy.set(0, 'another program');
    return () => void plugged?.claimedBy.delete(0);
  }

  #tell(type: string, plugged: Plugged): void {
    this.dispatchEvent(Object.assign(new Event(type), { device: new FakeNodeUsbDevice(plugged) }));
  }
}

/** The device itself, whatever objects stand for it: its packets, and who has claimed what. */
class Plugged {
  readonly device: PluggableDevice;
  readonly address: number;
  readonly isDenied: boolean;
  readonly configuration: UsbConfiguration;
  readonly claimedBy = new Map<number, unknown>();
  readonly busyEndpoints = new Set<string>();
  readonly #queues = new Map<number, (Uint8Array | 'stall')[]>();
  readonly #wakers = new Set<() => void>();
  readonly halted = new Set<number>();
  isPresent = true;

  constructor(device: PluggableDevice, address: number, isDenied: boolean) {
    this.device = device;
    this.address = address;
    this.isDenied = isDenied;
    this.configuration = layoutOf(device.gadget.configurationDescriptor);
    device.gadget.start({
      send: (endpoint, message, { zeroLengthPacket = false } = {}) => {
        const size = this.packetSize('in', endpoint & 0x0f);
        for (let at = 0; at < message.length; at += size) this.#push(endpoint, message.slice(at, at + size));
        const isFull = message.length > 0 && message.length % size === 0;
        if (message.length === 0 || (isFull && zeroLengthPacket)) this.#push(endpoint, new Uint8Array());
      },
      stall: (endpoint) => this.#push(endpoint, 'stall'),
      // As Linux has it: an overflow is one more hardware fault.
      babble: (endpoint) => this.#push(endpoint, new Uint8Array(this.packetSize('in', endpoint & 0x0f) + 1)),
    });
  }

  packetSize(direction: 'in' | 'out', endpointNumber: number): number {
    for (const { alternates } of this.configuration.interfaces)
      for (const { endpoints } of alternates)
        for (const endpoint of endpoints)
          if (endpoint.direction === direction && endpoint.endpointNumber === endpointNumber)
            return endpoint.packetSize;
    return 0;
  }

  interfaceOf(direction: 'in' | 'out', endpointNumber: number): number {
    const found = this.configuration.interfaces.find(({ alternates }) =>
      alternates.some(({ endpoints }) =>
        endpoints.some((endpoint) => endpoint.direction === direction && endpoint.endpointNumber === endpointNumber),
      ),
    );
    return found?.interfaceNumber ?? -1;
  }

  #push(endpoint: number, packet: Uint8Array | 'stall'): void {
    const number = endpoint & 0x0f;
    this.#queues.set(number, [...(this.#queues.get(number) ?? []), packet]);
    for (const wake of [...this.#wakers]) wake();
  }

  next(endpointNumber: number): Uint8Array | 'stall' | undefined {
    return this.#queues.get(endpointNumber)?.shift();
  }

  /** Resolves at the next packet, the unplugging, or after `timeoutMs` with false. */
  wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(false), timeoutMs);
      const finish = (isWoken: boolean): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve(isWoken);
      };
      const wake = (): void => finish(true);
      this.#wakers.add(wake);
    });
  }

  unplug(): void {
    this.isPresent = false;
    this.device.gadget.stop();
    for (const wake of [...this.#wakers]) wake();
  }
}

const DEFAULT_TIMEOUT_MS = 1000;
const failure = (call: string, reason: string): Error =>
  Object.assign(new Error(`${call} error: ${reason}`), { code: 'GenericFailure' });

class FakeNodeUsbDevice implements NativeUsbDevice {
  readonly #plugged: Plugged;
  readonly #claimed = new Set<number>();
  #isOpen = false;
  #underWay = 0;

  constructor(plugged: Plugged) {
    this.#plugged = plugged;
  }

  get handle(): string {
    return `DeviceId(DeviceId { bus: 1, addr: ${this.#plugged.address} })`;
  }
  get vendorId(): number {
    return this.#plugged.device.gadget.vendorId;
  }
  get productId(): number {
    return this.#plugged.device.gadget.productId;
  }
  readonly deviceClass = 0;
  readonly deviceVersionMajor = 1;
  readonly deviceVersionMinor = 0;
  readonly deviceVersionSubminor = 0;
  get manufacturerName(): string {
    return this.#plugged.device.gadget.manufacturerName;
  }
  get productName(): string {
    return this.#plugged.device.gadget.productName;
  }
  get serialNumber(): string | null {
    return this.#plugged.device.gadget.serialNumber ?? null;
  }
  get opened(): boolean {
    return this.#isOpen;
  }
  get configuration(): UsbConfiguration {
    if (!this.#isOpen) this.#mayOpen();
    return this.#plugged.configuration;
  }
  get configurations(): UsbConfiguration[] {
    return [this.configuration];
  }

  #mayOpen(): void {
    if (!this.#plugged.isPresent) throw failure('open', 'device not found (errno 2)');
    if (this.#plugged.isDenied) throw failure('open', 'permission denied (errno 13)');
  }

  async open(): Promise<void> {
    await turn();
    this.#mayOpen();
    this.#isOpen = true;
  }

  /** Gives back no interface. */
  async close(): Promise<void> {
    await turn();
    this.#isOpen = false;
  }

  async reset(): Promise<void> {
    await turn();
    if (!this.#isOpen) throw failure('reset', 'invalid state');
    if (!this.#plugged.isPresent) throw failure('reset', 'device disconnected (errno 19)');
  }

  async selectConfiguration(configurationValue: number): Promise<void> {
    await turn();
    if (!this.#isOpen) throw failure('selectConfiguration', 'invalid state');
    if (configurationValue !== 1) throw failure('selectConfiguration', 'invalid configuration');
  }

  async claimInterface(interfaceNumber: number): Promise<void> {
    await turn();
    if (!this.#isOpen) throw failure('claimInterface', 'invalid state');
    if (!this.#plugged.isPresent) throw failure('claimInterface', 'device disconnected (errno 19)');
    if (this.#underWay > 0) throw failure('claimInterface', 'a transfer is under way');
    const holder = this.#plugged.claimedBy.get(interfaceNumber);
    if (holder !== undefined && holder !== this) throw failure('claimInterface', 'interface is busy (errno 16)');
    this.#plugged.claimedBy.set(interfaceNumber, this);
    this.#claimed.add(interfaceNumber);
  }

  /** The system has it back only when the last transfer is over. */
  async releaseInterface(interfaceNumber: number): Promise<void> {
    await turn();
    if (!this.#isOpen) throw failure('releaseInterface', 'invalid state');
    if (!this.#claimed.delete(interfaceNumber)) throw failure('releaseInterface', 'not claimed');
    if (this.#underWay === 0) this.#plugged.claimedBy.delete(interfaceNumber);
  }

  async selectAlternateInterface(interfaceNumber: number): Promise<void> {
    await turn();
    if (!this.#claimed.has(interfaceNumber)) throw failure('selectAlternateInterface', 'invalid state');
  }

  async clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void> {
    await turn();
    this.#endpoint('clearHalt', direction, endpointNumber)();
    this.#plugged.halted.delete(endpointNumber);
  }

  async controlTransferIn(setup: UsbControlSetup, length: number) {
    const bytes = (await this.#control('controlTransferIn', setup, 0x80, new Uint8Array())).slice(0, length);
    return { status: 'ok', data: new DataView(bytes.buffer) } as const;
  }

  async controlTransferOut(setup: UsbControlSetup, data: Uint8Array<ArrayBuffer>) {
    // As the package does, which is why an array is needed.
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    await this.#control('controlTransferOut', setup, 0, bytes);
    return { status: 'ok', bytesWritten: bytes.length } as const;
  }

  async #control(call: string, setup: UsbControlSetup, direction: number, data: Uint8Array): Promise<Uint8Array> {
    await turn();
    if (this.#claimed.size === 0) throw failure(call, 'invalid state');
    if (!this.#plugged.isPresent) throw failure(call, 'device disconnected');
    const { gadget } = this.#plugged.device;
    if (setup.requestType === 'standard') return gadget.configurationDescriptor.slice();
    const bmRequestType = direction | 0x21;
    const { request: bRequest, value: wValue, index: wIndex } = setup;
    const answer = gadget.control({ bmRequestType, bRequest, wValue, wIndex, wLength: data.length }, data);
    if (!answer) throw failure(call, 'endpoint stalled');
    return answer.slice();
  }

  async transferIn(endpointNumber: number, length: number, timeoutMs = DEFAULT_TIMEOUT_MS) {
    const done = this.#endpoint('transferIn', 'in', endpointNumber);
    try {
      await turn();
      const bytes: number[] = [];
      const size = this.#plugged.packetSize('in', endpointNumber);
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        if (!this.#plugged.isPresent) throw failure('transferIn', 'Disconnected');
        if (this.#plugged.halted.has(endpointNumber)) throw failure('transferIn', 'Stall');
        const packet = this.#plugged.next(endpointNumber);
        if (packet === 'stall') this.#plugged.halted.add(endpointNumber);
        else if (packet) {
          if (packet.length > size) throw failure('transferIn', 'Fault');
          bytes.push(...packet);
          if (packet.length < size || bytes.length >= length) break;
        } else if (!(await this.#plugged.wait(deadline - performance.now()))) throw failure('transferIn', 'Cancelled');
      }
      return { status: 'ok', data: new DataView(Uint8Array.from(bytes).buffer) } as const;
    } finally {
      done();
    }
  }

  async transferOut(endpointNumber: number, data: Uint8Array<ArrayBuffer>) {
    const done = this.#endpoint('transferOut', 'out', endpointNumber);
    try {
      await turn();
      if (!this.#plugged.isPresent || this.#plugged.device.countBytes(data.length))
        throw failure('transferOut', 'Disconnected');
      if (!this.#plugged.device.gadget.receive(endpointNumber, data.slice())) throw failure('transferOut', 'Stall');
      return { status: 'ok', bytesWritten: data.length } as const;
    } finally {
      done();
    }
  }

  /** One transfer at a time; the returned function ends it. */
  #endpoint(call: string, direction: 'in' | 'out', endpointNumber: number): () => void {
    const { busyEndpoints, claimedBy } = this.#plugged;
    const key = `${direction} ${endpointNumber}`;
    const interfaceNumber = this.#plugged.interfaceOf(direction, endpointNumber);
    if (!this.#claimed.has(interfaceNumber) || busyEndpoints.has(key)) throw failure(call, 'endpoint not found');
    busyEndpoints.add(key);
    this.#underWay++;
    return () => {
      this.#underWay--;
      busyEndpoints.delete(key);
      if (this.#underWay > 0) return;
      for (const [claimed, holder] of [...claimedBy])
        if (holder === this && !this.#claimed.has(claimed)) claimedBy.delete(claimed);
    };
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
