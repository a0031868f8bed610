import { CardError } from '../errors.ts';
import type { UsbApi, UsbDevice } from '../transport/usb-api.ts';
import { READER_DRIVERS, type ClaimableReader } from './drivers.ts';
import type { ReaderFailure } from './reader.ts';
import type { ReaderSettings } from './reader-options.ts';

interface Entry {
  readonly unplugged: AbortController;
  readonly opening: Promise<readonly ClaimableReader[]>;
  readers: readonly ClaimableReader[];
  failure: ReaderFailure | undefined;
}

/**
 * The readers on one USB bus. A device becomes readers once, however many callers ask, because a second opening would
 * fight the first for the interface; the options of the first caller hold.
 */
export class ReaderRegistry {
  readonly #entries = new Map<UsbDevice, Entry>();
  readonly #listeners = new Set<() => void>();

  private constructor(usb: UsbApi) {
    usb.addEventListener('disconnect', ({ device }) => this.#remove(device));
  }

  static readonly #registries = new WeakMap<UsbApi, ReaderRegistry>();

  static of(usb: UsbApi): ReaderRegistry {
    let registry = this.#registries.get(usb);
    if (!registry) this.#registries.set(usb, (registry = new ReaderRegistry(usb)));
    return registry;
  }

  get readers(): readonly ClaimableReader[] {
    return [...this.#entries.values()].flatMap((entry) => entry.readers);
  }

  get failures(): readonly ReaderFailure[] {
    return [...this.#entries.values()].flatMap(({ failure }) => (failure ? [failure] : []));
  }

  /** The readers of a device. @throws {CardError} `reader_unknown`, `reader_denied`, `reader_busy`, `reader_gone` */
  async open(device: UsbDevice, settings: ReaderSettings): Promise<readonly ClaimableReader[]> {
    let entry = this.#entries.get(device);
    // What failed may work now: the other program is closed, the permission given.
    if (!entry || entry.failure) {
      entry = this.#add(device, settings);
      this.#entries.set(device, entry);
    }
    return entry.opening;
  }

  #add(device: UsbDevice, settings: ReaderSettings): Entry {
    const unplugged = new AbortController();
    const opening = openDevice(device, settings, unplugged.signal);
    const entry: Entry = { unplugged, opening, readers: [], failure: undefined };
    opening.then(
      (readers) => {
        entry.readers = readers;
        this.#notify();
      },
      (error: unknown) => {
        const code = error instanceof CardError ? error.code : 'reader_fault';
        entry.failure = { productName: device.productName ?? undefined, code };
        this.#notify();
      },
    );
    return entry;
  }

  #remove(device: UsbDevice): void {
    const entry = this.#entries.get(device);
    if (!entry) return;
    this.#entries.delete(device);
    entry.unplugged.abort();
    this.#notify();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function openDevice(
  device: UsbDevice,
  settings: ReaderSettings,
  unplugged: AbortSignal,
): Promise<readonly ClaimableReader[]> {
  const driver = READER_DRIVERS.find((candidate) => candidate.matches(device));
  if (!driver) return Promise.reject(new CardError('reader_unknown', 'the device is not a smart card reader'));
  return driver.open(device, settings, unplugged);
}
