import { access, constants, readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { UsbDevice } from '../transport/usb-api.ts';
import type { Host, HostDevice } from './bus.ts';

/** Where Linux tells what it knows. */
export interface LinuxPlaces {
  readonly devices: string;
  readonly nodes: string;
  readonly processes: string;
}

const PLACES: LinuxPlaces = { devices: '/sys/bus/usb/devices', nodes: '/dev/bus/usb', processes: '/proc' };
const DEVICE_DESCRIPTOR_LENGTH = 18;

interface Numbered extends HostDevice {
  readonly bus: number;
  readonly address: number;
}

/**
 * What Linux says of USB devices to everybody, permission or not. On other systems there is nothing to read and every
 * answer is empty.
 */
export function createLinuxHost(places: LinuxPlaces = PLACES): Host {
  const devices = async (): Promise<Numbered[]> => {
    const names = await list(places.devices);
    const found = await Promise.all(names.map((name) => readDevice(places, name, names)));
    return found.flatMap((device) => device ?? []);
  };
  return {
    devices,
    async find(device) {
      const place = placeOf(device);
      const all = await devices();
      if (place) return all.find(({ bus, address }) => bus === place.bus && address === place.address);
      const same = all.filter((each) => each.vendorId === device.vendorId && each.productId === device.productId);
      return same.length === 1 ? same[0] : undefined;
    },
  };
}

/** node-usb knows bus and address; WebUSB does not. */
function placeOf(device: UsbDevice): { bus: number; address: number } | undefined {
  if (!('native' in device) || typeof device.native !== 'object' || device.native === null) return undefined;
  const { bus, address } = { bus: undefined, address: undefined, ...device.native };
  return bus === undefined || address === undefined ? undefined : { bus: Number(bus), address: Number(address) };
}

async function readDevice(places: LinuxPlaces, name: string, all: readonly string[]): Promise<Numbered | undefined> {
  const at = (file: string): string => join(places.devices, name, file);
  const [vendor, product, bus, address] = await Promise.all(
    ['idVendor', 'idProduct', 'busnum', 'devnum'].map((file) => text(at(file))),
  );
  if (vendor === undefined || product === undefined || bus === undefined || address === undefined) return undefined;
  const node = join(places.nodes, bus.padStart(3, '0'), address.padStart(3, '0'));
  const interfaces = all.filter((other) => other.startsWith(`${name}:`));
  const drivers = await Promise.all(interfaces.map((entry) => linkName(join(places.devices, entry, 'driver'))));
  const descriptors = await readFile(at('descriptors')).catch(() => undefined);
  return {
    bus: Number(bus),
    address: Number(address),
    vendorId: parseInt(vendor, 16),
    productId: parseInt(product, 16),
    name: await text(at('product')),
    configurationDescriptor: descriptors && new Uint8Array(descriptors.subarray(DEVICE_DESCRIPTOR_LENGTH)),
    isAllowed: await access(node, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
    kernelDrivers: drivers.flatMap((driver) => driver ?? []),
    programs: await programsWith(places.processes, node),
  };
}

/** Names of the programs that have a file open, as far as this program may see. */
async function programsWith(processes: string, node: string): Promise<string[]> {
  const ids = (await list(processes)).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const names = await Promise.all(
    ids.map(async (id) => {
      const open = await list(join(processes, id, 'fd'));
      const targets = await Promise.all(open.map((fd) => readlink(join(processes, id, 'fd', fd)).catch(() => '')));
      return targets.includes(node) ? text(join(processes, id, 'comm')) : undefined;
    }),
  );
  return [...new Set(names.flatMap((name) => name ?? []))];
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const text = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  );

const linkName = (file: string): Promise<string | undefined> =>
  readlink(file).then(
    (target) => basename(target),
    () => undefined,
  );
