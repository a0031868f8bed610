import type { UsbApi, UsbConnectionEvent, UsbDevice } from '../transport/usb-api.ts';
import { readerSettings, type ReaderOptions } from './reader-options.ts';
import { ReaderRegistry } from './reader-registry.ts';
import type { Reader, ReaderWatch } from './reader.ts';

/**
 * Keeps the list of readers this page is permitted to use: those from earlier visits, those plugged in later, those
 * chosen with `requestReader`. With `usb` undefined the list stays empty.
 */
export function watchReaders(usb: UsbApi | undefined, options: ReaderOptions = {}): ReaderWatch {
  const settings = readerSettings(options);
  const registry = usb && ReaderRegistry.of(usb);
  const listeners = new Set<(readers: readonly Reader[]) => void>();
  const unsubscribe = registry?.subscribe(() => {
    for (const listener of [...listeners]) listener(registry.readers);
  });

  const add = (device: UsbDevice): void => {
    // The registry keeps the failure for the caller to see.
    registry?.open(device, settings).catch(() => {});
  };
  const onConnect = ({ device }: UsbConnectionEvent): void => add(device);
  usb?.addEventListener('connect', onConnect);
  usb?.getDevices().then(
    (devices) => devices.forEach(add),
    () => {
      // The usb policy of the page forbids it: the list stays empty, and requestReader says why.
    },
  );

  return {
    get readers() {
      return registry?.readers ?? [];
    },
    get failures() {
      return registry?.failures ?? [];
    },
    subscribe(listener) {
      const own = (readers: readonly Reader[]): void => listener(readers);
      listeners.add(own);
      own(registry?.readers ?? []);
      return () => listeners.delete(own);
    },
    async close() {
      usb?.removeEventListener('connect', onConnect);
      unsubscribe?.();
      listeners.clear();
      await Promise.all((registry?.readers ?? []).map((reader) => reader.close()));
    },
  };
}
