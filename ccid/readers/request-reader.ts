import { CardError, throwIfAborted } from '../errors.ts';
import type { UsbApi, UsbDevice, UsbDeviceFilter } from '../transport/usb-api.ts';
import { usbFailure } from '../transport/usb-failure.ts';
import { readerPlaces, type ReaderPlaces } from './reader-places.ts';
import { readerSettings, type ReaderOptions, type RequestOptions } from './reader-options.ts';
import { ReaderRegistry } from './reader-registry.ts';
import type { Reader } from './reader.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Class 0B is offered too, so that its owner learns why the page cannot use it instead of missing it in the list. */
const DEFAULT_FILTERS: readonly UsbDeviceFilter[] = [{ classCode: 0x0b }, { classCode: 0xff }];

/**
 * Lets the user choose a reader and claims it. Call it from a click: browsers show the chooser only then. Where the
 * operating system drives readers for the page (Web Smart Card API) and has one, that is taken without a chooser; its
 * cards would be busy for USB.
 *
 * @param source `navigator.usb`, `createNodeUsb(usb)`, a simulated bus, or `{ usb, smartCard }`; `undefined` where the
 *   browser has none
 * @throws {CardError} `usb_unsupported`, `no_reader_chosen`, `reader_unknown`, `token_unsupported`, `reader_busy`, `reader_denied`,
 *   `protected_interface`, `reader_gone`, `reader_fault`, `aborted`
 */
export async function requestReader(
  source: UsbApi | ReaderPlaces | undefined,
  options: RequestOptions = {},
): Promise<Reader> {
  throwIfAborted(options.signal);
  return unlessAborted(request(source, options), options.signal);
}

async function request(source: UsbApi | ReaderPlaces | undefined, options: ReaderOptions): Promise<Reader> {
  const { usb, smartCard } = readerPlaces(source);
  if (smartCard) {
    const { SmartCardRegistry } = await import('./web-smart-card/smart-card-registry.ts');
    const listing = SmartCardRegistry.of(smartCard, readerSettings(options)).list();
    // A service that does not run leaves the way over USB.
    const [first] = usb ? await listing.catch(() => []) : await listing;
    if (first) return first;
    if (!usb) throw new CardError('no_reader_chosen', 'the operating system has no reader');
  }
  if (!usb) throw new CardError('usb_unsupported', 'this browser has no WebUSB');
  const device = await choose(usb, options.filters ?? DEFAULT_FILTERS);
  const readers = await ReaderRegistry.of(usb).open(device, readerSettings(options));
  let failure = new CardError('reader_unknown', 'the device has no reader');
  for (const reader of readers) {
    try {
      await reader.claim();
      return reader;
    } catch (error) {
      if (!(error instanceof CardError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function choose(usb: UsbApi, filters: readonly UsbDeviceFilter[]): Promise<UsbDevice> {
  try {
    return await usb.requestDevice({ filters: [...filters] });
  } catch (cause) {
    throw usbFailure('choose', cause);
  }
}
