import { CardError } from '../../errors.ts';
import type { UsbDevice } from '../../transport/usb-api.ts';
import type { UsbPortAddress } from '../../transport/webusb-port.ts';

const VENDOR_CLASS = 0xff;

/** The vendor-class interface with a pair of bulk endpoints, wherever in the device it is. @throws {CardError} `reader_unknown` */
export function vendorInterface(device: UsbDevice): UsbPortAddress {
  for (const { configurationValue, interfaces } of device.configurations)
    for (const { interfaceNumber, alternates } of interfaces)
      for (const { alternateSetting, interfaceClass, endpoints } of alternates) {
        const bulkOut = endpoints.find(({ type, direction }) => type === 'bulk' && direction === 'out');
        const bulkIn = endpoints.find(({ type, direction }) => type === 'bulk' && direction === 'in');
        if (interfaceClass === VENDOR_CLASS && bulkOut && bulkIn)
          return { configurationValue, interfaceNumber, alternateSetting, bulkOut, bulkIn };
      }
  throw new CardError('reader_unknown', 'the device has no vendor interface with bulk endpoints');
}
