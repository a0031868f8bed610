import type { UsbDevice, UsbInResult } from '../../ccid/transport/usb-api.ts';

/** One bulk transfer as the driver made it. */
type Transfer =
  | { readonly direction: 'out'; readonly endpointNumber: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly direction: 'in'; readonly endpointNumber: number; readonly length: number };

/** Transfers that were written down, to be made again without a driver. */
export interface TransferTape {
  readonly transfers: readonly Transfer[];
  /** Makes them once more: the same bytes out, the same lengths in, one behind the other, and nothing else. */
  replay(): Promise<void>;
  /** Gives the device back to the driver. */
  stop(): void;
}

/**
 * Writes down what the driver transfers while it works, and then keeps the device to itself. The driver has one read
 * under way at any time, which waits meanwhile: its answers go to the tape.
 */
export async function recordTransfers(device: UsbDevice, work: () => Promise<void>): Promise<TransferTape> {
  const transfers: Transfer[] = [];
  const out = device.transferOut.bind(device);
  const into = device.transferIn.bind(device);
  /** The driver's read, which waits for an answer to the driver. */
  let waiting: { readonly read: Promise<UsbInResult>; answer(read: Promise<UsbInResult>): void } | undefined;
  let isTaken = false;
  device.transferOut = (endpointNumber, bytes) => {
    transfers.push({ direction: 'out', endpointNumber, bytes: bytes.slice() });
    return out(endpointNumber, bytes);
  };
  device.transferIn = async (endpointNumber, length) => {
    // Interrupts are no part of an exchange.
    if (endpointNumber !== bulkIn(device)) return into(endpointNumber, length);
    const read = into(endpointNumber, length);
    const { promise, resolve } = Promise.withResolvers<UsbInResult>();
    waiting = { read, answer: resolve };
    void read.then(() => {
      if (isTaken) return;
      transfers.push({ direction: 'in', endpointNumber, length });
      resolve(read);
    });
    return promise;
  };
  // The first answer comes to a read that was under way before.
  await work();
  transfers.length = 0;
  await work();
  isTaken = true;
  device.transferOut = out;
  device.transferIn = into;
  let pending = waiting?.read;
  const length = Math.max(...transfers.map((transfer) => (transfer.direction === 'in' ? transfer.length : 0)));
  return {
    transfers,
    async replay() {
      for (const transfer of transfers) {
        if (transfer.direction === 'out') await out(transfer.endpointNumber, transfer.bytes.slice());
        else {
          await (pending ?? into(transfer.endpointNumber, transfer.length));
          pending = undefined;
        }
      }
    },
    stop: () => waiting?.answer(pending ?? into(bulkIn(device), length)),
  };
}

function bulkIn(device: UsbDevice): number {
  const endpoints = device.configuration?.interfaces.flatMap(({ alternates }) =>
    alternates.filter(({ interfaceClass }) => interfaceClass === 0xff).flatMap((alternate) => alternate.endpoints),
  );
  const endpoint = endpoints?.find(({ type, direction }) => type === 'bulk' && direction === 'in');
  if (!endpoint) throw new TypeError('the device has no bulk endpoint');
  return endpoint.endpointNumber;
}
