import { CardError } from '../errors.ts';
import { parseCcidInterfaces, readCcidInterfaces, type CcidInterface } from '../readers/ccid-interface.ts';
import { sonyModel } from '../readers/sony-models.ts';
import type { UsbDevice } from '../transport/usb-api.ts';
import type { CliBus, HostDevice } from './bus.ts';

/** A device on the bus that is a reader, or looks like one. */
export interface FoundDevice {
  readonly device: UsbDevice;
  readonly name: string;
  /** `04e6:511a` */
  readonly ids: string;
  readonly host: HostDevice | undefined;
  readonly interfaces: readonly CcidInterface[];
  /** Sony's readers with a protocol of their own. */
  readonly sony: 'rc-s380' | 'rc-s300' | undefined;
  /** Why the device did not tell its interfaces itself. */
  readonly failure: CardError | undefined;
}

/** The devices that are readers or may be, each asked once. @throws {CardError} when the bus itself fails */
export async function findDevices({ usb, host }: CliBus): Promise<readonly FoundDevice[]> {
  const found: FoundDevice[] = [];
  for (const device of await devicesOf(usb)) {
    const known = await host.find(device);
    const { interfaces, failure } = await interfacesOf(device, known);
    const sony = sonyModel(device);
    // Vendor class alone makes no reader.
    const isReader = interfaces.length > 0 || sony !== undefined || failure !== undefined || hasSmartCardClass(device);
    if (!isReader) continue;
    const hex = (id: number): string => id.toString(16).padStart(4, '0');
    const ids = `${hex(device.vendorId)}:${hex(device.productId)}`;
    const name = device.productName ?? known?.name ?? sony?.name ?? ids;
    found.push({ device, name, ids, host: known, interfaces, sony: sony?.family, failure });
  }
  return found;
}

async function devicesOf(usb: CliBus['usb']): Promise<UsbDevice[]> {
  try {
    return await usb.getDevices();
  } catch (cause) {
    throw new CardError('no_reader_chosen', 'this machine shows no USB bus', { cause });
  }
}

/** The system's copy of the descriptor needs no permission and disturbs nobody. */
async function interfacesOf(device: UsbDevice, host: HostDevice | undefined) {
  const copy = host?.configurationDescriptor;
  try {
    const interfaces = copy ? parseCcidInterfaces(copy) : await readCcidInterfaces(device);
    return { interfaces, failure: undefined };
  } catch (error) {
    if (error instanceof RangeError)
      return { interfaces: [], failure: new CardError('reader_fault', 'garbage instead of a descriptor') };
    if (error instanceof CardError) return { interfaces: [], failure: error };
    throw error;
  }
}

const SMART_CARD_CLASS = 0x0b;

function hasSmartCardClass({ configurations }: UsbDevice): boolean {
  return configurations.some(({ interfaces }) =>
    interfaces.some(({ alternates }) => alternates.some(({ interfaceClass }) => interfaceClass === SMART_CARD_CLASS)),
  );
}
