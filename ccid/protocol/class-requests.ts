import { CardError } from '../errors.ts';
import type { UsbPort } from '../transport/usb-port.ts';
import type { CcidClassDescriptor } from './class-descriptor.ts';

/** bRequest of the class requests (CCID §5.3). */
const CLASS_REQUEST = { ABORT: 0x01, GET_CLOCK_FREQUENCIES: 0x02, GET_DATA_RATES: 0x03 } as const;

/**
 * The data rates the reader lists, bps, or `undefined` when it has no list or does not give it: then every rate up to
 * its maximum may be tried (§5.3.3).
 */
export function readDataRates(
  port: UsbPort,
  { bNumDataRatesSupported }: CcidClassDescriptor,
): Promise<readonly number[] | undefined> {
  return readList(port, CLASS_REQUEST.GET_DATA_RATES, bNumDataRatesSupported);
}

/** The clock frequencies the reader lists, kHz, or `undefined` as with {@link readDataRates} (§5.3.2). */
export function readClockFrequencies(
  port: UsbPort,
  { bNumClockSupported }: CcidClassDescriptor,
): Promise<readonly number[] | undefined> {
  return readList(port, CLASS_REQUEST.GET_CLOCK_FREQUENCIES, bNumClockSupported);
}

async function readList(port: UsbPort, request: number, count: number): Promise<readonly number[] | undefined> {
  if (count === 0) return undefined;
  try {
    const setup = {
      requestType: 'class',
      recipient: 'interface',
      request,
      value: 0,
      index: port.interfaceNumber,
    } as const;
    const bytes = await port.controlIn(setup, count * 4);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const values = Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(i * 4, true));
    return values.length > 0 ? values : undefined;
  } catch (error) {
    // Readers that announce a list and stall the request are common.
    if (error instanceof CardError && error.code === 'reader_fault') return undefined;
    throw error;
  }
}

/** Announces that a command is to be given up; `PC_to_RDR_Abort` with the same numbers follows (§5.3.1). */
export async function requestAbort(port: UsbPort, bSlot: number, bSeq: number): Promise<void> {
  await port.controlOut({
    requestType: 'class',
    recipient: 'interface',
    request: CLASS_REQUEST.ABORT,
    value: (bSeq << 8) | bSlot,
    index: port.interfaceNumber,
  });
}
