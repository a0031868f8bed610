import { CardError } from '../errors.ts';
import { createNodeUsb } from '../transport/node-usb/node-usb.ts';
import type { CliBus } from './bus.ts';
import { createLinuxHost } from './linux-host.ts';

/** The machine's own bus, or the simulated one. @throws {CardError} `usb_unsupported` without node-usb */
export async function openBus(isSimulated: boolean): Promise<CliBus> {
  if (isSimulated) {
    const { openSimulatedBus } = await import('./simulated-bus.ts');
    return openSimulatedBus();
  }
  const usb = createNodeUsb(await loadNodeUsb());
  return { usb, host: createLinuxHost(), close: () => usb.close() };
}

async function loadNodeUsb(): Promise<Parameters<typeof createNodeUsb>[0]> {
  try {
    // Its declarations need WebUSB's ambient types, which this library does without.
    const { usb }: { usb: unknown } = await import('usb');
    return usb as Parameters<typeof createNodeUsb>[0];
  } catch (cause) {
    const reason = isMissing(cause) ? 'is not installed' : `cannot be loaded: ${firstLine(cause)}`;
    throw new CardError('usb_unsupported', `node-usb ${reason}`, { cause });
  }
}

/** The package itself; one without the binary of this machine is there and fails in another way. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
