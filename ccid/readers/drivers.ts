import { CardError } from '../errors.ts';
import type { UsbDevice } from '../transport/usb-api.ts';
import { CcidDevice } from './ccid-device.ts';
import { readCcidInterfaces } from './ccid-interface.ts';
import { CcidReader } from './ccid-reader.ts';
import type { Reader } from './reader.ts';
import type { ReaderSettings } from './reader-options.ts';

/** A reader that can be claimed before there is a card, so that the choice of a busy one fails at once. */
export interface ClaimableReader extends Reader {
  /** @throws {CardError} as {@link Reader.connect} about the reader */
  claim(): Promise<void>;
}

/** Makes readers of one kind of device. */
export interface ReaderDriver {
  /** Judged by what WebUSB tells without opening the device. */
  matches(device: UsbDevice): boolean;
  /** @throws {CardError} `reader_unknown` when the device turns out to be something else, and as opening it */
  open(device: UsbDevice, settings: ReaderSettings, unplugged: AbortSignal): Promise<readonly ClaimableReader[]>;
}

/** Readers found by their CCID class descriptor, whoever made them. */
export const ccidDriver: ReaderDriver = {
  matches: (device) =>
    device.configurations.some((configuration) =>
      configuration.interfaces.some(({ alternates }) =>
        alternates.some(({ interfaceClass }) => interfaceClass === 0x0b || interfaceClass === 0xff),
      ),
    ),
  async open(device, settings, unplugged) {
    const interfaces = await readCcidInterfaces(device);
    if (interfaces.length === 0) throw new CardError('reader_unknown', 'the device has no CCID interface');
    // What a page can claim comes first.
    const reachable = [...interfaces].sort((a, b) => b.interfaceClass - a.interfaceClass);
    return reachable.flatMap((ccid) => {
      const shared = new CcidDevice(device, ccid, settings, unplugged);
      const slots = Array.from({ length: ccid.descriptor.bMaxSlotIndex + 1 }, (_, slot) => slot);
      return slots.map((slot) => new CcidReader(device, shared, slot, settings, unplugged));
    });
  },
};

/** The drivers, the more particular first. */
export const READER_DRIVERS: readonly ReaderDriver[] = [ccidDriver];
