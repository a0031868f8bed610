import type { CardError } from '../errors.ts';
import { pause, type Clock } from './clock.ts';
import type { UsbDevice } from './usb-api.ts';
import { usbFailure } from './usb-failure.ts';

/**
 * NetworkError arrives before the `disconnect` event that explains it; this long a failed transfer waits for it. It is a
 * moment on an idle machine and more than a second on a busy one.
 */
export const DISCONNECT_GRACE_MS = 1500;
/** Failed transfers in a row that a live device is forgiven. */
const FAILURES_MAX = 3;

export interface InPumpEvents {
  data(bytes: Uint8Array): void;
  lost(reason: CardError): void;
  ended(reason: CardError): void;
}

/**
 * Reads one IN endpoint for as long as the interface is open: exactly one transfer is outstanding at any time, since a
 * read cannot be taken back and an abandoned one would swallow the next answer.
 *
 * `closed` ends it silently; it never rejects.
 */
export async function pumpIn(
  device: UsbDevice,
  endpoint: { readonly endpointNumber: number; readonly lengthBytes: number },
  clock: Clock,
  closed: AbortSignal,
  events: InPumpEvents,
): Promise<void> {
  for (let failures = 0; !closed.aborted;) {
    try {
      const { data, status } = await device.transferIn(endpoint.endpointNumber, endpoint.lengthBytes);
      if (closed.aborted) return;
      if (status === 'stall') {
        await device.clearHalt('in', endpoint.endpointNumber);
        failures++;
        events.lost(usbFailure('transfer', new Error('the endpoint stalled')));
      } else if (status === 'babble') {
        failures++;
        events.lost(usbFailure('transfer', new Error('more bytes than asked for')));
      } else {
        failures = 0;
        // A zero-length packet ends a transfer that filled its packets and carries nothing.
        if (data && data.byteLength > 0) events.data(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
    } catch (cause) {
      if (closed.aborted) return;
      const reason = usbFailure('transfer', cause);
      if (reason.code === 'reader_gone') return events.ended(reason);
      failures++;
      await pause(clock, DISCONNECT_GRACE_MS, closed);
      if (closed.aborted) return;
      events.lost(reason);
    }
    if (failures >= FAILURES_MAX && !closed.aborted)
      return events.ended(usbFailure('transfer', new Error('the endpoint fails again and again')));
  }
}
