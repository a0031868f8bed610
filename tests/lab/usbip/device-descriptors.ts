import type { UsbGadget } from '../../../ccid/simulated/usb-gadget.ts';

const DESCRIPTOR = { device: 1, configuration: 2, string: 3, interface: 4, endpoint: 5 } as const;
const ENGLISH = 0x0409;
const STRING_INDEX = { manufacturer: 1, product: 2, serialNumber: 3 } as const;

/** The answer to GET_DESCRIPTOR (USB 2.0 §9.4.3), or `undefined` for a descriptor that the device has not: it stalls. */
export function readDescriptor(gadget: UsbGadget, wValue: number): Uint8Array | undefined {
  const index = wValue & 0xff;
  switch (wValue >> 8) {
    case DESCRIPTOR.device:
      return deviceDescriptor(gadget);
    case DESCRIPTOR.configuration:
      return index === 0 ? gadget.configurationDescriptor : undefined;
    case DESCRIPTOR.string:
      return stringDescriptor(gadget, index);
    default:
      return undefined;
  }
}

/** USB 2.0 §9.6.1: one configuration, classes told by the interfaces. */
function deviceDescriptor({ vendorId, productId, bcdDevice, serialNumber }: UsbGadget): Uint8Array {
  const { manufacturer, product } = STRING_INDEX;
  const serial = serialNumber === undefined ? 0 : STRING_INDEX.serialNumber;
  return Uint8Array.from([
    18, DESCRIPTOR.device, ...word(0x0200), 0, 0, 0, 64,
    ...word(vendorId), ...word(productId), ...word(bcdDevice), manufacturer, product, serial, 1,
  ]); // prettier-ignore
}

function stringDescriptor(gadget: UsbGadget, index: number): Uint8Array | undefined {
  if (index === 0) return Uint8Array.from([4, DESCRIPTOR.string, ...word(ENGLISH)]);
  const texts = [gadget.manufacturerName, gadget.productName, gadget.serialNumber];
  const text = texts[index - 1];
  if (text === undefined) return undefined;
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return Uint8Array.from([2 + units.length * 2, DESCRIPTOR.string, ...units.flatMap(word)]);
}

/** What a bus must know of a device to carry its bytes. */
export interface Layout {
  readonly configurationValue: number;
  readonly interfaces: readonly (readonly [number, number, number])[];
  /** Endpoint number and packet size of each IN endpoint. */
  readonly inEndpoints: readonly (readonly [number, number])[];
}

/** Walks a configuration descriptor (USB 2.0 §9.6.3 – §9.6.6); alternate settings count once. */
export function readLayout(configuration: Uint8Array): Layout {
  const interfaces = new Map<number, readonly [number, number, number]>();
  const inEndpoints = new Map<number, number>();
  for (let at = 0; at + 1 < configuration.length; at += Math.max(configuration[at] ?? 0, 2)) {
    const [, type, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = configuration.slice(at, at + 9);
    if (type === DESCRIPTOR.interface && b === 0) interfaces.set(a, [d, e, f]);
    if (type === DESCRIPTOR.endpoint && a & 0x80) inEndpoints.set(a & 0x0f, c + d * 0x100);
  }
  return {
    configurationValue: configuration[5] ?? 1,
    interfaces: [...interfaces.values()],
    inEndpoints: [...inEndpoints],
  };
}

function word(value: number): number[] {
  return [value & 0xff, value >> 8];
}
