import type { UsbInResult } from '../usb-api.ts';
import { transferOutcome, type NativeUsbDevice } from './node-usb-api.ts';

/** How long each read may take, milliseconds. */
export interface ReadTimes {
  /**
   * Of a read for one packet that may never come. A packet that comes at the very moment at which a read's time is up is
   * lost, so the longer the better; for as long, the system may keep an interface that was given back.
   */
  readonly packetMs: number;
  /** Of the read for the packets behind a full one, which a device sends without a pause. */
  readonly restMs: number;
}

export interface InEndpointAddress {
  readonly endpointNumber: number;
  readonly packetSize: number;
}

/**
 * One IN transfer as browsers make it: it waits without limit, and ends with a short packet or when it is full.
 *
 * node-usb can only wait with a limit, cannot take a read back, and throws away what a read had got when its time was
 * up. So what waits is a read of a single packet, which has either come or not; the rest is fetched when it is on its
 * way. A message that fills its last packet without an empty one behind it is handed over after `restMs`.
 *
 * @throws {DOMException} AbortError when `closed`; otherwise what node-usb throws
 */
export async function readInTransfer(
  device: NativeUsbDevice,
  { endpointNumber, packetSize }: InEndpointAddress,
  length: number,
  { packetMs, restMs }: ReadTimes,
  closed: { readonly aborted: boolean },
): Promise<UsbInResult> {
  let first: UsbInResult | undefined;
  while (!first) {
    if (closed.aborted) throw new DOMException('The transfer was cancelled.', 'AbortError');
    first = await read(device, endpointNumber, Math.min(packetSize, length), packetMs);
  }
  const isWhole = first.status !== 'ok' || (first.data?.byteLength ?? 0) < packetSize || length <= packetSize;
  if (isWhole) return first;
  const rest = await read(device, endpointNumber, length - packetSize, restMs);
  return rest ? join(first, rest) : first;
}

/** `undefined` when nothing came in time. */
async function read(
  device: NativeUsbDevice,
  endpointNumber: number,
  length: number,
  timeoutMs: number,
): Promise<UsbInResult | undefined> {
  try {
    return await device.transferIn(endpointNumber, length, timeoutMs);
  } catch (error) {
    const outcome = transferOutcome(error);
    if (outcome === 'failed') throw error;
    return outcome === 'stalled' ? { status: 'stall' } : undefined;
  }
}

function join(first: UsbInResult, rest: UsbInResult): UsbInResult {
  if (rest.status !== 'ok' || !first.data || !rest.data) return rest;
  const bytes = new Uint8Array(first.data.byteLength + rest.data.byteLength);
  bytes.set(new Uint8Array(first.data.buffer, first.data.byteOffset, first.data.byteLength));
  bytes.set(new Uint8Array(rest.data.buffer, rest.data.byteOffset, rest.data.byteLength), first.data.byteLength);
  return { status: 'ok', data: new DataView(bytes.buffer) };
}
