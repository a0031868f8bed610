import type { UsbDevice } from './usb-api.ts';
import { usbFailure } from './usb-failure.ts';

interface Holding {
  count: number;
  /** The last open or close asked for; the next one waits for it. */
  settled: Promise<void>;
}

/** A device is opened once however many of its interfaces are in use, and closed with the last of them. */
const holdings = new WeakMap<UsbDevice, Holding>();

/**
 * Opens a device and selects its configuration; the returned function lets go again and never rejects.
 *
 * @throws {CardError} `reader_denied`, `reader_busy`, `reader_gone`
 */
export async function holdDevice(device: UsbDevice, configurationValue?: number): Promise<() => Promise<void>> {
  const holding = holdings.get(device) ?? { count: 0, settled: Promise.resolve() };
  holdings.set(device, holding);
  holding.count++;
  let isHeld = true;
  const release = async (): Promise<void> => {
    if (!isHeld) return;
    isHeld = false;
    holding.count--;
    await after(holding, async () => {
      // An unplugged device closes by itself.
      if (holding.count === 0 && device.opened) await device.close().catch(() => {});
    });
  };
  try {
    await after(holding, () => open(device, configurationValue));
  } catch (cause) {
    await release();
    throw usbFailure('open', cause);
  }
  return release;
}

async function open(device: UsbDevice, configurationValue: number | undefined): Promise<void> {
  if (!device.opened) await device.open();
  const wanted = configurationValue ?? device.configuration?.configurationValue ?? 1;
  if (device.configuration?.configurationValue !== wanted) await device.selectConfiguration(wanted);
}

function after(holding: Holding, step: () => Promise<void>): Promise<void> {
  const done = holding.settled.then(step);
  holding.settled = done.catch(() => {});
  return done;
}
