import type { SlotTimeouts } from '../protocol/slot.ts';
import type { Trace } from '../protocol/trace.ts';
import { systemClock, type Clock } from '../transport/clock.ts';
import type { UsbDeviceFilter } from '../transport/usb-api.ts';

/** What a caller may choose; everything has a default. */
export interface ReaderOptions {
  /** Sees what travels, without the data of commands that may hold a PIN. */
  readonly onTrace?: Trace;
  /** Which devices the chooser offers. By default every smart card reader and every vendor-class device. */
  readonly filters?: readonly UsbDeviceFilter[];
  readonly timeouts?: Partial<SlotTimeouts>;
  readonly clock?: Clock;
  /** How often a reader without an interrupt endpoint is asked for its card while it is watched, milliseconds. */
  readonly pollIntervalMs?: number;
}

/** What a caller who asks for a reader may choose. */
export interface RequestOptions extends ReaderOptions {
  /** Ends the waiting. The browser's chooser stays open: nothing but the person closes it. */
  readonly signal?: AbortSignal;
}

/** {@link ReaderOptions} with every gap filled. */
export interface ReaderSettings {
  readonly trace: Trace | undefined;
  /** What the caller said; the model and the defaults fill the gaps. */
  readonly timeouts: Partial<SlotTimeouts>;
  readonly clock: Clock;
  readonly pollIntervalMs: number;
}

export function readerSettings(options: ReaderOptions): ReaderSettings {
  return {
    trace: options.onTrace,
    timeouts: options.timeouts ?? {},
    clock: options.clock ?? systemClock,
    pollIntervalMs: options.pollIntervalMs ?? 500,
  };
}
