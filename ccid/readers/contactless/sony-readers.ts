import type { UsbDevice } from '../../transport/usb-api.ts';
import type { ReaderFacts } from '../reader.ts';
import type { ReaderSettings } from '../reader-options.ts';
import { openRcS300 } from '../rc-s300/rc-s300.ts';
import { openRcS380 } from '../rc-s380/rc-s380.ts';
import { ContactlessReader } from './contactless-reader.ts';
import { vendorInterface } from './vendor-interface.ts';

const SONY = 0x054c;

/** The Sony readers that a page can reach, by product id. */
const MODELS = [
  { productId: 0x06c1, name: 'Sony RC-S380/S', open: openRcS380 },
  { productId: 0x06c3, name: 'Sony RC-S380/P', open: openRcS380 },
  { productId: 0x0dc8, name: 'Sony RC-S300/S', open: openRcS300 },
  { productId: 0x0dc9, name: 'Sony RC-S300/P', open: openRcS300 },
] as const;

function modelOf(device: UsbDevice): (typeof MODELS)[number] | undefined {
  return MODELS.find(({ productId }) => device.vendorId === SONY && device.productId === productId);
}

export function isSonyReader(device: UsbDevice): boolean {
  return modelOf(device) !== undefined;
}

/** @throws {CardError} `reader_unknown` when the device has no vendor interface or is another one */
export function createSonyReader(
  device: UsbDevice,
  settings: ReaderSettings,
  unplugged: AbortSignal,
): ContactlessReader | undefined {
  const model = modelOf(device);
  if (!model) return undefined;
  const facts: ReaderFacts = {
    vendorId: device.vendorId,
    productId: device.productId,
    manufacturerName: device.manufacturerName ?? undefined,
    productName: device.productName ?? model.name,
    serialNumber: device.serialNumber || undefined,
    interfaceNumber: vendorInterface(device).interfaceNumber,
    interfaceClass: 0xff,
    slot: 0,
    level: 'iso-dep',
    pinSupport: 0,
  };
  return new ContactlessReader(facts, () => model.open(device, settings, unplugged), settings, unplugged);
}
