import { CardError } from '../errors.ts';
import type { ClaimableReader } from '../readers/drivers.ts';
import { readerSettings, type ReaderOptions } from '../readers/reader-options.ts';
import { ReaderRegistry } from '../readers/reader-registry.ts';
import type { Reader } from '../readers/reader.ts';
import type { CliBus } from './bus.ts';
import { findDevices, type FoundDevice } from './found-device.ts';

/**
 * The reader that was asked for, or else the first that can be claimed.
 *
 * @param wanted its number in the list, or a part of its name or id
 * @throws {CardError} `no_reader_chosen` when none fits, or why the one that fits cannot be used
 */
export async function chooseReader(
  bus: CliBus,
  wanted: string | undefined,
  options: ReaderOptions = {},
): Promise<Reader> {
  let failure = new CardError(
    'no_reader_chosen',
    wanted === undefined ? 'no reader is there' : `no reader "${wanted}"`,
  );
  for (const [index, found] of (await findDevices(bus)).entries()) {
    const isNumbered = wanted === String(index + 1);
    const isMeant = (name: string): boolean => wanted === undefined || isNumbered || name.includes(wanted);
    try {
      for (const reader of await openReaders(bus, found, options)) {
        if (!isMeant(`${reader.name} ${reader.id}`)) continue;
        await reader.claim();
        return reader;
      }
    } catch (error) {
      if (!(error instanceof CardError)) throw error;
      if (isMeant(`${found.name} ${found.ids}`)) failure = error;
    }
  }
  throw failure;
}

/** The readers of a device. @throws {CardError} why it has none */
export async function openReaders(
  { usb }: CliBus,
  { device, failure }: FoundDevice,
  options: ReaderOptions = {},
): Promise<readonly ClaimableReader[]> {
  if (failure) throw failure;
  return ReaderRegistry.of(usb).open(device, readerSettings(options));
}
