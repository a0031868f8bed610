import { CardError } from '../errors.ts';
import type { UsbDevice } from '../transport/usb-api.ts';
import { CcidDevice } from './ccid-device.ts';
import { readCcidInterfaces } from './ccid-interface.ts';
import { CcidReader } from './ccid-reader.ts';
import { correctDescriptor, readerModel } from './models.ts';
import type { Reader } from './reader.ts';
import type { ReaderSettings } from './reader-options.ts';
import { sonyModel } from './sony-models.ts';

/** A reader that can be claimed before there is a card, so that the choice of a busy one fails at once. */
export interface ClaimableReader extends Reader {
  /** @throws {CardError} as {@link Reader.connect} about the reader */
  claim(): Promise<void>;
}

/** Makes readers of one kind of device. */
export interface ReaderDriver {
  /** Judged by what WebUSB tells without opening the device. */
  matches(device: UsbDevice): boolean;
  /** @throws {CardError} `reader_unknown` or `token_unsupported` when the device is something else, and as opening it */
  open(device: UsbDevice, settings: ReaderSettings, unplugged: AbortSignal): Promise<readonly ClaimableReader[]>;
}

/** Readers found by their CCID class descriptor, whoever made them. */
export const ccidDriver: ReaderDriver = {
  matches: (device) =>
    // One that does not tell is opened, so that the reason is known.
    device.configurations.length === 0 ||
    device.configurations.some((configuration) =>
      configuration.interfaces.some(({ alternates }) =>
        alternates.some(({ interfaceClass }) => interfaceClass === 0x0b || interfaceClass === 0xff),
      ),
    ),
  async open(device, settings, unplugged) {
    const model = readerModel(device.vendorId, device.productId, device.productName);
    const interfaces = await readCcidInterfaces(device);
    if (interfaces.length === 0) throw whyNot(device);
    // What a page can claim comes first.
    const reachable = [...interfaces].sort((a, b) => b.interfaceClass - a.interfaceClass);
    return reachable.flatMap((ccid) => {
      const descriptor = correctDescriptor(ccid.descriptor, model);
      const timeouts = { ...model?.timeouts, ...settings.timeouts };
      const own = { ...settings, timeouts };
      const shared = new CcidDevice(device, { ...ccid, descriptor }, own, unplugged, model?.powerOn);
      const slots = Array.from({ length: ccid.descriptor.bMaxSlotIndex + 1 }, (_, slot) => slot);
      return slots.map((slot) => new CcidReader(device, shared, slot, settings, unplugged));
    });
  },
};

/** Chip cards with a USB plug (ICCD) carry the smart card class without the bulk endpoints that this driver speaks over. */
function whyNot(device: UsbDevice): CardError {
  const isIccd = device.configurations.some(({ interfaces }) =>
    interfaces.some(({ alternates }) =>
      alternates.some(({ interfaceClass, interfaceProtocol }) => interfaceClass === 0x0b && interfaceProtocol !== 0),
    ),
  );
  return isIccd
    ? new CardError(
        'token_unsupported',
        'the device is an ICCD token, a chip card with a USB plug, which is not driven',
      )
    : new CardError('reader_unknown', 'the device has no CCID interface');
}

/**
 * Sony's contactless readers, over the interface that pages may claim. Loaded when one is there: whoever has another
 * reader need not download it.
 */
const sonyDriver: ReaderDriver = {
  matches: (device) => sonyModel(device) !== undefined,
  async open(device, settings, unplugged) {
    const { createSonyReader } = await import('./contactless/sony-readers.ts');
    const model = sonyModel(device);
    return model ? [createSonyReader(device, model, settings, unplugged)] : [];
  },
};

/** The drivers, the more particular first. */
export const READER_DRIVERS: readonly ReaderDriver[] = [sonyDriver, ccidDriver];
