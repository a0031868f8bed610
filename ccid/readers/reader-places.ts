import type { UsbApi } from '../transport/usb-api.ts';
import type { SmartCardApi } from './web-smart-card/smart-card-api.ts';

/** Where readers may be found: `{ usb: navigator.usb, smartCard: navigator.smartCard }`, as far as the browser has them. */
export interface ReaderPlaces {
  readonly usb?: UsbApi | undefined;
  readonly smartCard?: SmartCardApi | undefined;
}

/** Both places where the caller named USB alone or none. */
export function readerPlaces(source: UsbApi | ReaderPlaces | undefined): ReaderPlaces {
  if (!source) return {};
  return 'getDevices' in source ? { usb: source } : source;
}
