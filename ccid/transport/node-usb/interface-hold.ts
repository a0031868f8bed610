import type { UsbInResult } from '../usb-api.ts';
import type { NativeUsbDevice } from './node-usb-api.ts';

/**
 * What the system has of an interface. It outlives the claim while a read is under way, because node-usb cannot take a
 * read back and the system keeps the interface as long; who claims it meanwhile takes the read over.
 */
export interface Hold {
  /** Through which it was claimed, and through which everything about it goes. */
  readonly native: NativeUsbDevice;
  isWanted: boolean;
  releasing: Promise<void> | undefined;
  readonly underWay: Set<Promise<unknown>>;
  /** By endpoint number. */
  readonly reads: Map<number, Promise<UsbInResult>>;
}

export function createHold(native: NativeUsbDevice): Hold {
  return { native, isWanted: true, releasing: undefined, underWay: new Set(), reads: new Map() };
}

/** Keeps the hold until the transfer is over. */
export function track<T>(hold: Hold, transfer: Promise<T>): Promise<T> {
  hold.underWay.add(transfer);
  const forget = (): void => void hold.underWay.delete(transfer);
  transfer.then(forget, forget);
  return transfer;
}

/** The transfer's end, or sooner the claim's. @throws {DOMException} AbortError */
export async function untilAborted<T>(transfer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new DOMException('The transfer was cancelled.', 'AbortError'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([transfer, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
