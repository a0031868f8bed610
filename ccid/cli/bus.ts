import type { UsbApi, UsbDevice } from '../transport/usb-api.ts';

/** What the operating system knows of a device that nobody has opened. */
export interface HostDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly name: string | undefined;
  /** The configuration descriptor with everything below it. */
  readonly configurationDescriptor: Uint8Array | undefined;
  /** Whether this program may open it; `undefined` when that is not known. */
  readonly isAllowed: boolean | undefined;
  /** Kernel drivers that hold its interfaces: `port100`, `usbhid`, `usbfs` for a program. */
  readonly kernelDrivers: readonly string[];
  /** Programs that have it open, by name. */
  readonly programs: readonly string[];
}

/** What can be asked of the operating system. */
export interface Host {
  devices(): Promise<readonly HostDevice[]>;
  /** The host's entry of a device on the bus, or `undefined`. */
  find(device: UsbDevice): Promise<HostDevice | undefined>;
}

/** Where a command line finds its readers. */
export interface CliBus {
  readonly usb: UsbApi;
  readonly host: Host;
  close(): void;
}
