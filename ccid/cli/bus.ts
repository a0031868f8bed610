import { CardError } from '../errors.ts';
import type { UsbApi, UsbDevice } from '../transport/usb-api.ts';
import { createNodeUsb } from '../transport/node-usb/node-usb.ts';
import { createLinuxHost } from './linux-host.ts';

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

/** The machine's own bus, or the simulated one. @throws {CardError} `usb_unsupported` without node-usb */
export async function openBus(isSimulated: boolean): Promise<CliBus> {
  if (isSimulated) {
    const { openSimulatedBus } = await import('./simulated-bus.ts');
    return openSimulatedBus();
  }
  const usb = createNodeUsb(await loadNodeUsb());
  return { usb, host: createLinuxHost(), close: () => usb.close() };
}

async function loadNodeUsb(): Promise<Parameters<typeof createNodeUsb>[0]> {
  try {
    // Its declarations need WebUSB's ambient types, which this library does without.
    const { usb }: { usb: unknown } = await import('usb');
    return usb as Parameters<typeof createNodeUsb>[0];
  } catch (cause) {
    throw new CardError('usb_unsupported', 'node-usb is not installed: npm install usb', { cause });
  }
}
