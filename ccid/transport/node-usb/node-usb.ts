import type { UsbAlternateInterface, UsbApi, UsbConnectionEvent, UsbDevice, UsbDeviceFilter } from '../usb-api.ts';
import { NodeUsbDevice } from './node-usb-device.ts';
import type { NativeUsb, NativeUsbDevice } from './node-usb-api.ts';

export interface NodeUsbOptions {
  /** Plays the user before the chooser; returns nothing to cancel. By default the first device that fits is chosen. */
  readonly choose?: (devices: readonly UsbDevice[]) => UsbDevice | undefined | Promise<UsbDevice | undefined>;
  /** How long the system may keep an interface after it was given back, for a read under way, milliseconds. Default 10,000. */
  readonly packetReadMs?: number;
  /** How long the rest of a message may take whose first packet is there, milliseconds. Default 1000. */
  readonly restReadMs?: number;
}

/** {@link UsbApi} over node-usb. `close` stops listening to the bus, which otherwise keeps the process alive. */
export interface NodeUsb extends UsbApi {
  close(): void;
}

const HUB_CLASS = 0x09;
const READER_CLASSES: ReadonlySet<number> = new Set([0x0b, 0xff]);
const PACKET_READ_MS = 10_000;
const REST_READ_MS = 1000;

/**
 * Readers for programs outside a browser: `createNodeUsb(usb)` with `import { usb } from 'usb'` stands where
 * `navigator.usb` stands in a page. There are no protected classes here, and no chooser.
 */
export function createNodeUsb(usb: NativeUsb, options: NodeUsbOptions = {}): NodeUsb {
  return new NodeUsbBus(usb, options);
}

class ConnectionEvent extends Event implements UsbConnectionEvent {
  readonly device: UsbDevice;

  constructor(type: 'connect' | 'disconnect', device: UsbDevice) {
    super(type);
    this.device = device;
  }
}

class NodeUsbBus implements NodeUsb {
  readonly #usb: NativeUsb;
  readonly #options: NodeUsbOptions;
  /** By handle: node-usb makes new objects for the same device again and again. */
  readonly #devices = new Map<string, NodeUsbDevice>();
  readonly #listeners = { connect: new Set<Listener>(), disconnect: new Set<Listener>() } as const;
  #isListening = false;

  constructor(usb: NativeUsb, options: NodeUsbOptions) {
    this.#usb = usb;
    this.#options = options;
  }

  async getDevices(): Promise<UsbDevice[]> {
    const natives = await this.#usb.getDevices();
    if (!this.#isListening) this.#forgetAllBut(natives);
    return natives.map((native) => this.#known(native)).filter(mayBeReader);
  }

  /** Nobody told that they went. While somebody does, the list may be older than the last event. */
  #forgetAllBut(natives: readonly NativeUsbDevice[]): void {
    const handles = new Set(natives.map(({ handle }) => handle));
    for (const handle of this.#devices.keys()) if (!handles.has(handle)) this.#devices.delete(handle);
  }

  async requestDevice({ filters }: { filters: UsbDeviceFilter[] }): Promise<UsbDevice> {
    const fitting = (await this.getDevices()).filter((device) => filters.some((filter) => fits(device, filter)));
    const choose = this.#options.choose ?? ((devices) => devices[0]);
    const chosen = await choose(fitting);
    if (!chosen) throw new DOMException('No device selected.', 'NotFoundError');
    return chosen;
  }

  addEventListener(type: 'connect' | 'disconnect', listener: Listener): void {
    this.#listeners[type].add(listener);
    if (this.#isListening) return;
    this.#isListening = true;
    this.#usb.addEventListener('connect', this.#onConnect);
    this.#usb.addEventListener('disconnect', this.#onDisconnect);
  }

  removeEventListener(type: 'connect' | 'disconnect', listener: Listener): void {
    this.#listeners[type].delete(listener);
    if (this.#listeners.connect.size + this.#listeners.disconnect.size === 0) this.#stopListening();
  }

  close(): void {
    this.#listeners.connect.clear();
    this.#listeners.disconnect.clear();
    this.#stopListening();
  }

  #stopListening(): void {
    if (!this.#isListening) return;
    this.#isListening = false;
    this.#usb.removeEventListener('connect', this.#onConnect);
    this.#usb.removeEventListener('disconnect', this.#onDisconnect);
  }

  readonly #onConnect = (event: Event): void => {
    const native = deviceOf(event);
    const device = native && this.#known(native);
    if (device && mayBeReader(device)) this.#tell('connect', device);
  };

  readonly #onDisconnect = (event: Event): void => {
    const handle = deviceOf(event)?.handle;
    const device = handle === undefined ? undefined : this.#devices.get(handle);
    if (handle === undefined || !device) return;
    this.#devices.delete(handle);
    this.#tell('disconnect', device);
  };

  #tell(type: 'connect' | 'disconnect', device: UsbDevice): void {
    const event = new ConnectionEvent(type, device);
    for (const listener of [...this.#listeners[type]]) listener(event);
  }

  #known(native: NativeUsbDevice): NodeUsbDevice {
    let device = this.#devices.get(native.handle);
    if (!device) {
      const { packetReadMs: packetMs = PACKET_READ_MS, restReadMs: restMs = REST_READ_MS } = this.#options;
      const createAnother = async (): Promise<NativeUsbDevice | undefined> =>
        (await this.#usb.getDevices()).find(({ handle }) => handle === native.handle);
      device = new NodeUsbDevice(native, { packetMs, restMs }, createAnother);
      this.#devices.set(native.handle, device);
    }
    return device;
  }
}

type Listener = (event: UsbConnectionEvent) => void;

function deviceOf(event: Event): NativeUsbDevice | undefined {
  // node-usb's own event; it declares the device with WebUSB's type, which has no handle.
  return 'device' in event ? (event.device as NativeUsbDevice) : undefined;
}

/** A device that cannot be opened does not tell its interfaces, and stays in the list so that its owner learns why. */
function mayBeReader(device: UsbDevice): boolean {
  if (device instanceof NodeUsbDevice && device.deviceClass === HUB_CLASS) return false;
  return (
    device.configurations.length === 0 ||
    alternatesOf(device).some((alternate) => READER_CLASSES.has(alternate.interfaceClass))
  );
}

function alternatesOf({ configurations }: UsbDevice): readonly UsbAlternateInterface[] {
  return configurations.flatMap(({ interfaces }) => interfaces.flatMap(({ alternates }) => alternates));
}

function fits(device: UsbDevice, filter: UsbDeviceFilter): boolean {
  if (filter.vendorId !== undefined && filter.vendorId !== device.vendorId) return false;
  if (filter.productId !== undefined && filter.productId !== device.productId) return false;
  if (filter.serialNumber !== undefined && filter.serialNumber !== device.serialNumber) return false;
  if (filter.classCode === undefined || device.configurations.length === 0) return true;
  return alternatesOf(device).some(
    ({ interfaceClass, interfaceSubclass, interfaceProtocol }) =>
      interfaceClass === filter.classCode &&
      (filter.subclassCode ?? interfaceSubclass) === interfaceSubclass &&
      (filter.protocolCode ?? interfaceProtocol) === interfaceProtocol,
  );
}
