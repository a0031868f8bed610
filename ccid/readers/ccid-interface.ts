import { CardError } from '../errors.ts';
import {
  CLASS_DESCRIPTOR_LENGTH,
  parseClassDescriptor,
  type CcidClassDescriptor,
} from '../protocol/class-descriptor.ts';
import { holdDevice } from '../transport/device-hold.ts';
import type { UsbDevice } from '../transport/usb-api.ts';
import { usbFailure } from '../transport/usb-failure.ts';
import type { UsbPortAddress } from '../transport/webusb-port.ts';

/** One CCID interface of a device, as its configuration descriptor gives it. */
export interface CcidInterface {
  readonly address: UsbPortAddress;
  /** 0B is the smart card class, which browsers protect; FF is the vendor's own. */
  readonly interfaceClass: 0x0b | 0xff;
  readonly descriptor: CcidClassDescriptor;
}

const DESCRIPTOR = { CONFIGURATION: 2, INTERFACE: 4, ENDPOINT: 5, CLASS: 0x21, VENDOR: 0xff } as const;
const SMART_CARD_CLASS = 0x0b;
const VENDOR_CLASS = 0xff;
/** bInterfaceProtocol 0 is bulk CCID; 1 and 2 are ICCD, chip cards with a USB plug (CCID §4.2, ICCD §4). */
const BULK_PROTOCOL = 0;

/** An interface with everything that stands between its descriptor and the next interface's. */
interface InterfaceBlock {
  readonly interfaceNumber: number;
  readonly alternateSetting: number;
  readonly interfaceClass: number;
  readonly interfaceProtocol: number;
  readonly endpoints: { readonly address: number; readonly transferType: number; readonly packetSize: number }[];
  /** Descriptors that are neither interface nor endpoint, wherever in the block they stand. */
  readonly extras: Uint8Array[];
}

/**
 * The CCID interfaces in a configuration descriptor with everything below it (USB 2.0 §9.6). Class 0B is taken at its
 * word; a vendor-class interface counts when its extra descriptor is 54 bytes long. Interfaces without the bulk pair
 * are left out.
 *
 * @throws {RangeError} when the descriptor's own lengths do not fit together
 */
export function parseCcidInterfaces(bytes: Uint8Array): readonly CcidInterface[] {
  const configurationValue = bytes[5];
  if (configurationValue === undefined || bytes[1] !== DESCRIPTOR.CONFIGURATION)
    throw new RangeError('not a configuration descriptor');
  return parseBlocks(bytes).flatMap((block) => {
    const found = ccidInterface(block, configurationValue);
    return found ? [found] : [];
  });
}

function parseBlocks(bytes: Uint8Array): InterfaceBlock[] {
  const blocks: InterfaceBlock[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length < 2 || at + length > bytes.length) throw new RangeError('a descriptor of impossible length');
    const descriptor = bytes.subarray(at, at + length);
    const block = blocks.at(-1);
    const type = descriptor[1];
    if (type === DESCRIPTOR.INTERFACE && length >= 9) blocks.push(parseInterface(descriptor));
    else if (type === DESCRIPTOR.ENDPOINT && length >= 7) block?.endpoints.push(parseEndpoint(descriptor));
    else block?.extras.push(descriptor.slice());
    at += length;
  }
  return blocks;
}

function parseInterface(bytes: Uint8Array): InterfaceBlock {
  const [, , interfaceNumber = 0, alternateSetting = 0, , interfaceClass = 0, , interfaceProtocol = 0] = bytes;
  return { interfaceNumber, alternateSetting, interfaceClass, interfaceProtocol, endpoints: [], extras: [] };
}

function parseEndpoint(bytes: Uint8Array): InterfaceBlock['endpoints'][number] {
  const [, , address = 0, attributes = 0, low = 0, high = 0] = bytes;
  return { address, transferType: attributes & 0x03, packetSize: ((high << 8) | low) & 0x07ff };
}

function ccidInterface(block: InterfaceBlock, configurationValue: number): CcidInterface | undefined {
  const { interfaceClass, interfaceProtocol } = block;
  if (interfaceClass !== SMART_CARD_CLASS && interfaceClass !== VENDOR_CLASS) return undefined;
  if (interfaceClass === SMART_CARD_CLASS && interfaceProtocol !== BULK_PROTOCOL) return undefined;
  const extra = block.extras.find(
    (bytes) =>
      bytes.length === CLASS_DESCRIPTOR_LENGTH && (bytes[1] === DESCRIPTOR.CLASS || bytes[1] === DESCRIPTOR.VENDOR),
  );
  const bulkOut = endpoint(block, 'bulk', 'out');
  const bulkIn = endpoint(block, 'bulk', 'in');
  if (!extra || !bulkOut || !bulkIn) return undefined;
  return {
    address: {
      configurationValue,
      interfaceNumber: block.interfaceNumber,
      alternateSetting: block.alternateSetting,
      bulkOut,
      bulkIn,
      interruptIn: endpoint(block, 'interrupt', 'in'),
    },
    interfaceClass,
    descriptor: parseClassDescriptor(extra),
  };
}

function endpoint(
  block: InterfaceBlock,
  type: 'bulk' | 'interrupt',
  direction: 'in' | 'out',
): UsbPortAddress['bulkIn'] | undefined {
  const found = block.endpoints.find(
    ({ address, transferType, packetSize }) =>
      transferType === (type === 'bulk' ? 2 : 3) && ((address & 0x80) !== 0) === (direction === 'in') && packetSize > 0,
  );
  return found && { endpointNumber: found.address & 0x0f, packetSize: found.packetSize };
}

/**
 * Asks a device for its CCID interfaces. The device is opened for the question and closed again.
 *
 * @throws {CardError} `reader_denied`, `reader_busy`, `reader_gone`, `reader_fault`
 */
export async function readCcidInterfaces(device: UsbDevice): Promise<readonly CcidInterface[]> {
  const release = await holdDevice(device);
  try {
    return parseCcidInterfaces(await readConfigurationDescriptor(device));
  } catch (cause) {
    if (cause instanceof RangeError) throw new CardError('reader_fault', 'garbage instead of a descriptor', { cause });
    throw cause;
  } finally {
    await release();
  }
}

/** WebUSB hides class descriptors; GET_DESCRIPTOR is the way to them that browsers allow. */
async function readConfigurationDescriptor(device: UsbDevice): Promise<Uint8Array> {
  const index = Math.max(
    0,
    device.configurations.findIndex(
      (configuration) => configuration.configurationValue === device.configuration?.configurationValue,
    ),
  );
  const head = await getDescriptor(device, index, 9);
  const total = (head[2] ?? 0) | ((head[3] ?? 0) << 8);
  return head.length < 9 ? head : getDescriptor(device, index, total);
}

async function getDescriptor(device: UsbDevice, index: number, length: number): Promise<Uint8Array> {
  const setup = {
    requestType: 'standard',
    recipient: 'device',
    request: 0x06,
    value: (DESCRIPTOR.CONFIGURATION << 8) | index,
    index: 0,
  } as const;
  try {
    const { data, status } = await device.controlTransferIn(setup, length);
    if (status === 'ok' && data) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  } catch (cause) {
    throw usbFailure('transfer', cause);
  }
  throw new CardError('reader_fault', 'the device does not give its descriptor');
}
