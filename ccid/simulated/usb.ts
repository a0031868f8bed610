import type { UsbApi, UsbConnectionEvent, UsbDevice, UsbDeviceFilter } from '../transport/usb-api.ts';
import { SimulatedUsbDevice } from './usb-device.ts';
import type { UsbGadget } from './usb-gadget.ts';

/** A simulated device and what the bus must know beside its bytes. */
export interface PluggableDevice {
  readonly gadget: UsbGadget;
  /** Set by faults: another program holds the interface. */
  isHeldElsewhere(interfaceNumber: number): boolean;
  /** Set by faults: counts bulk bytes; `true` when the plug is to be pulled at them. */
  countBytes(count: number): boolean;
}

export interface SimulatedUsbOptions {
  /** Plays the user before the chooser; returns nothing to cancel. By default the first device that fits is chosen. */
  readonly choose?: (
    devices: readonly PluggableDevice[],
  ) => PluggableDevice | undefined | Promise<PluggableDevice | undefined>;
  /** Behave as in an Isolated Web App with `usb-unrestricted`: protected classes can be claimed. */
  readonly isUnrestricted?: boolean;
}

type Listener = ((event: UsbConnectionEvent) => void) | EventListenerOrEventListenerObject | null;

class ConnectionEvent extends Event implements UsbConnectionEvent {
  readonly device: UsbDevice;

  constructor(type: 'connect' | 'disconnect', device: UsbDevice) {
    super(type);
    this.device = device;
  }
}

/**
 * A USB bus in memory with the behaviour of `navigator.usb`: pages see a device only after it was chosen once, and each
 * plugging in makes a new device object.
 */
export class SimulatedUsb extends EventTarget implements UsbApi {
  readonly #options: SimulatedUsbOptions;
  readonly #attached = new Map<PluggableDevice, SimulatedUsbDevice>();
  readonly #permitted = new Set<PluggableDevice>();

  constructor(options: SimulatedUsbOptions = {}) {
    super();
    this.#options = options;
  }

  override addEventListener(type: 'connect' | 'disconnect', listener: (event: UsbConnectionEvent) => void): void;
  override addEventListener(type: string, listener: Listener, options?: boolean | AddEventListenerOptions): void;
  override addEventListener(type: string, listener: Listener, options?: boolean | AddEventListenerOptions): void {
    // Only ConnectionEvents are dispatched here, so a listener may ask for one.
    super.addEventListener(type, listener as EventListenerOrEventListenerObject, options);
  }

  override removeEventListener(type: 'connect' | 'disconnect', listener: (event: UsbConnectionEvent) => void): void;
  override removeEventListener(type: string, listener: Listener, options?: boolean | EventListenerOptions): void;
  override removeEventListener(type: string, listener: Listener, options?: boolean | EventListenerOptions): void {
    super.removeEventListener(type, listener as EventListenerOrEventListenerObject, options);
  }

  /** Plugs a device in. `isPermitted` says that the page was given it on an earlier visit. */
  attach(device: PluggableDevice, { isPermitted = false }: { readonly isPermitted?: boolean } = {}): void {
    if (this.#attached.has(device)) throw new TypeError('the device is attached already');
    const handle: SimulatedUsbDevice = new SimulatedUsbDevice(device.gadget, {
      isUnrestricted: this.#options.isUnrestricted ?? false,
      isHeldElsewhere: (interfaceNumber) => device.isHeldElsewhere(interfaceNumber),
      countBytes: (count) => {
        const isPulled = device.countBytes(count);
        if (isPulled) this.detach(device);
        return isPulled;
      },
    });
    this.#attached.set(device, handle);
    if (isPermitted) this.#permitted.add(device);
    if (this.#permitted.has(device)) this.dispatchEvent(new ConnectionEvent('connect', handle));
  }

  /** Pulls the plug. Transfers under way fail at once; the `disconnect` event follows a moment later, as in browsers. */
  detach(device: PluggableDevice): void {
    const handle = this.#attached.get(device);
    if (!handle) return;
    this.#attached.delete(device);
    handle.unplug();
    const wasPermitted = this.#permitted.has(device);
    // Without a serial number the browser cannot know the device again.
    if (!handle.serialNumber) this.#permitted.delete(device);
    if (wasPermitted) setTimeout(() => this.dispatchEvent(new ConnectionEvent('disconnect', handle)), 0);
  }

  async getDevices(): Promise<UsbDevice[]> {
    return Promise.resolve(
      [...this.#attached].flatMap(([device, handle]) => (this.#permitted.has(device) ? [handle] : [])),
    );
  }

  async requestDevice({ filters }: { filters: UsbDeviceFilter[] }): Promise<UsbDevice> {
    const fitting = [...this.#attached].filter(([, handle]) => filters.some((filter) => fits(handle, filter)));
    const choose = this.#options.choose ?? ((devices) => devices[0]);
    const chosen = await choose(fitting.map(([device]) => device));
    const handle = chosen && this.#attached.get(chosen);
    if (!handle) throw new DOMException('No device selected.', 'NotFoundError');
    this.#permitted.add(chosen);
    return handle;
  }
}

/** WebUSB §4.2: class codes are looked for in the interfaces too. */
function fits(device: UsbDevice, filter: UsbDeviceFilter): boolean {
  if (filter.vendorId !== undefined && filter.vendorId !== device.vendorId) return false;
  if (filter.productId !== undefined && filter.productId !== device.productId) return false;
  if (filter.serialNumber !== undefined && filter.serialNumber !== device.serialNumber) return false;
  if (filter.classCode === undefined) return true;
  return device.configurations.some(({ interfaces }) =>
    interfaces.some(({ alternates }) =>
      alternates.some(
        (alternate) =>
          alternate.interfaceClass === filter.classCode &&
          (filter.subclassCode ?? alternate.interfaceSubclass) === alternate.interfaceSubclass &&
          (filter.protocolCode ?? alternate.interfaceProtocol) === alternate.interfaceProtocol,
      ),
    ),
  );
}
