import type { PluggableDevice } from './usb.ts';
import type { GadgetBus, UsbGadget } from './usb-gadget.ts';

/** One of the devices that a composite device is made of. */
export interface CompositePart {
  readonly device: PluggableDevice;
  /** Only its interfaces of this class; all when left out. */
  readonly interfaceClass?: number;
}

/** What a composite device says of itself. */
export type CompositeIdentity = Pick<UsbGadget, 'vendorId' | 'productId' | 'productName' | 'serialNumber'>;

const DESCRIPTOR = { INTERFACE: 4, ENDPOINT: 5 } as const;
const CONFIGURATION_LENGTH = 9;
const TO_INTERFACE = 0x01;

/** One part inside the whole: its configuration with the numbers of the whole, and how they are told apart. */
interface Fitted {
  readonly gadget: UsbGadget;
  readonly interfaceNumbers: ReadonlyMap<number, number>;
  /** Addresses with the direction bit: the whole's by the part's own. */
  readonly addresses: ReadonlyMap<number, number>;
  readonly block: readonly number[];
}

/**
 * One device with the interfaces of several (USB 2.0 §5.2.3), as readers with a protected and an open interface are.
 * Interfaces and endpoints are numbered anew, one behind the other. A fault in one part is a fault of the whole.
 */
export function composeDevices(identity: CompositeIdentity, parts: readonly CompositePart[]): PluggableDevice {
  const fitted: Fitted[] = [];
  for (const { device, interfaceClass } of parts) fitted.push(fit(device.gadget, interfaceClass, fitted));
  return {
    gadget: new CompositeGadget(identity, fitted),
    isHeldElsewhere: (interfaceNumber) => parts.some(({ device }) => device.isHeldElsewhere(interfaceNumber)),
    countBytes: (count) => parts.some(({ device }) => device.countBytes(count)),
  };
}

class CompositeGadget implements UsbGadget {
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice = 0x0100;
  readonly manufacturerName = 'Simulated';
  readonly productName: string;
  readonly serialNumber: string | undefined;
  readonly configurationDescriptor: Uint8Array;
  readonly #parts: readonly Fitted[];

  constructor({ vendorId, productId, productName, serialNumber }: CompositeIdentity, parts: readonly Fitted[]) {
    this.vendorId = vendorId;
    this.productId = productId;
    this.productName = productName;
    this.serialNumber = serialNumber;
    this.#parts = parts;
    const block = parts.flatMap((part) => part.block);
    const total = CONFIGURATION_LENGTH + block.length;
    const count = parts.reduce((sum, { interfaceNumbers }) => sum + interfaceNumbers.size, 0);
    this.configurationDescriptor = Uint8Array.from([
      ...[CONFIGURATION_LENGTH, 2, total & 0xff, total >> 8, count, 1, 0, 0x80, 250],
      ...block,
    ]);
  }

  start(bus: GadgetBus): void {
    for (const { gadget, addresses } of this.#parts) {
      const address = (own: number): number => addresses.get(own) ?? own;
      gadget.start({
        send: (own, message, options) => bus.send(address(own), message, options),
        stall: (own) => bus.stall(address(own)),
        babble: (own) => bus.babble(address(own)),
      });
    }
  }

  stop(): void {
    for (const { gadget } of this.#parts) gadget.stop();
  }

  control(setup: Parameters<UsbGadget['control']>[0], data: Uint8Array): Uint8Array | undefined {
    if ((setup.bmRequestType & 0x1f) !== TO_INTERFACE) return this.#parts[0]?.gadget.control(setup, data);
    for (const { gadget, interfaceNumbers } of this.#parts)
      for (const [own, number] of interfaceNumbers)
        if (number === (setup.wIndex & 0xff)) return gadget.control({ ...setup, wIndex: own }, data);
    return undefined;
  }

  receive(endpointAddress: number, bytes: Uint8Array): boolean {
    for (const { gadget, addresses } of this.#parts)
      for (const [own, address] of addresses) if (address === endpointAddress) return gadget.receive(own, bytes);
    return false;
  }
}

/** Takes what belongs to the wanted interfaces, under the numbers that those before have left. */
function fit(gadget: UsbGadget, interfaceClass: number | undefined, before: readonly Fitted[]): Fitted {
  const firstInterface = before.reduce((sum, { interfaceNumbers }) => sum + interfaceNumbers.size, 0);
  const firstEndpoint = 1 + before.reduce((sum, { addresses }) => sum + addresses.size, 0);
  const interfaceNumbers = new Map<number, number>();
  const addresses = new Map<number, number>();
  const block: number[] = [];
  let isWanted = false;
  const { configurationDescriptor: bytes } = gadget;
  for (let at = CONFIGURATION_LENGTH; at < bytes.length; at += Math.max(bytes[at] ?? 0, 2)) {
    const descriptor = [...bytes.subarray(at, at + Math.max(bytes[at] ?? 0, 2))];
    const [, type, own = 0, , , ownClass] = descriptor;
    if (type === DESCRIPTOR.INTERFACE) isWanted = interfaceClass === undefined || ownClass === interfaceClass;
    if (!isWanted) continue;
    if (type === DESCRIPTOR.INTERFACE) {
      const number = interfaceNumbers.get(own) ?? firstInterface + interfaceNumbers.size;
      interfaceNumbers.set(own, number);
      descriptor[2] = number;
    }
    if (type === DESCRIPTOR.ENDPOINT) {
      const address = (own & 0x80) | (firstEndpoint + addresses.size);
      addresses.set(own, address);
      descriptor[2] = address;
    }
    block.push(...descriptor);
  }
  return { gadget, interfaceNumbers, addresses, block };
}
