import type { UsbDevice } from '../../transport/usb-api.ts';
import { openRcS300 } from '../rc-s300/rc-s300.ts';
import { openRcS380 } from '../rc-s380/rc-s380.ts';
import type { ReaderFacts } from '../reader.ts';
import type { ReaderSettings } from '../reader-options.ts';
import type { SonyModel } from '../sony-models.ts';
import { ContactlessReader } from './contactless-reader.ts';
import { vendorInterface } from './vendor-interface.ts';

const OPEN = { 'rc-s380': openRcS380, 'rc-s300': openRcS300 } as const;

/** @throws {CardError} `reader_unknown` when the device has no vendor interface */
export function createSonyReader(
  device: UsbDevice,
  { name, family }: SonyModel,
  settings: ReaderSettings,
  unplugged: AbortSignal,
): ContactlessReader {
  const facts: ReaderFacts = {
    vendorId: device.vendorId,
    productId: device.productId,
    manufacturerName: device.manufacturerName ?? undefined,
    productName: device.productName ?? name,
    serialNumber: device.serialNumber || undefined,
    interfaceNumber: vendorInterface(device).interfaceNumber,
    interfaceClass: 0xff,
    slot: 0,
    level: 'iso-dep',
    pinSupport: 0,
  };
  return new ContactlessReader(facts, () => OPEN[family](device, settings, unplugged), settings, unplugged);
}
