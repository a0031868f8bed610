import { readdir, readFile } from 'node:fs/promises';
import type { PluggableDevice } from '../../../ccid/simulated/usb.ts';
import { startUsbIpServer } from '../usbip/server.ts';
import { runProgram, waitFor } from './programs.ts';

const DEVICES = '/sys/bus/usb/devices';
const CONTROLLERS = '/sys/devices/platform/vhci_hcd.0';
const BUS_ID = '1-1';

/** Plugs simulated devices into the kernel of this machine, one at a time. */
export interface UsbSockets {
  /** Resolves when the kernel has configured the device and everybody has heard of it. */
  plugIn(device: PluggableDevice): Promise<void>;
  /** Pulls the plug as the kernel's own tool does. */
  detach(): Promise<void>;
  close(): Promise<void>;
}

export async function openUsbSockets(): Promise<UsbSockets> {
  const server = await startUsbIpServer();
  const usbip = (...args: string[]): Promise<string> =>
    runProgram('usbip', ['--tcp-port', String(server.port), ...args]);
  return {
    async plugIn(device) {
      server.offer(BUS_ID, device);
      await usbip('attach', '-r', '127.0.0.1', '-b', BUS_ID);
      const { vendorId, productId } = device.gadget;
      await waitFor('configured device', async () => (await isConfigured(vendorId, productId)) || undefined);
      await runProgram('udevadm', ['settle', '--timeout=60']);
    },
    async detach() {
      for (const port of await portsInUse()) await usbip('detach', '-p', port);
      await runProgram('udevadm', ['settle', '--timeout=60']);
    },
    close: () => server.close(),
  };
}

/**
 * As the kernel tells: a device is of use when it has its configuration. Never read these files synchronously: the kernel
 * answers when the device has, and the device is in this process.
 */
async function isConfigured(vendorId: number, productId: number): Promise<boolean> {
  const read = async (device: string, attribute: string): Promise<string> => {
    // Interfaces have no such attribute, and devices may leave while they are looked at.
    const text = await readFile(`${DEVICES}/${device}/${attribute}`, 'utf8').catch(() => '');
    return text.trim();
  };
  for (const device of await readdir(DEVICES)) {
    if (Number.parseInt(await read(device, 'idVendor'), 16) !== vendorId) continue;
    if (Number.parseInt(await read(device, 'idProduct'), 16) !== productId) continue;
    if ((await read(device, 'bConfigurationValue')) !== '') return true;
  }
  return false;
}

/** Ports of the virtual host controllers: `hub port sta spd dev sockfd local_busid`, sta 6 when a device is there. */
async function portsInUse(): Promise<readonly string[]> {
  const names = await readdir(CONTROLLERS);
  const files = names.filter((name) => /^status(\.\d+)?$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(`${CONTROLLERS}/${name}`, 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, port, state]) => (port !== undefined && state === '006' ? [String(Number(port))] : []));
}
