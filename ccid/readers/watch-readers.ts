import type { UsbApi, UsbConnectionEvent, UsbDevice } from '../transport/usb-api.ts';
import { readerPlaces, type ReaderPlaces } from './reader-places.ts';
import { readerSettings, type ReaderOptions } from './reader-options.ts';
import { ReaderRegistry } from './reader-registry.ts';
import type { Reader, ReaderWatch } from './reader.ts';

/**
 * Keeps the list of readers this page is permitted to use: those from earlier visits, those plugged in later, those
 * chosen with `requestReader`, and those that the operating system drives. Without a source the list stays empty.
 */
export function watchReaders(source: UsbApi | ReaderPlaces | undefined, options: ReaderOptions = {}): ReaderWatch {
  const settings = readerSettings(options);
  const { usb, smartCard } = readerPlaces(source);
  const registry = usb && ReaderRegistry.of(usb);
  const listeners = new Set<(readers: readonly Reader[]) => void>();
  let system: SystemReaders | undefined;
  let isClosed = false;
  const readers = (): readonly Reader[] => [...(system?.readers ?? []), ...(registry?.readers ?? [])];
  const tell = (): void => {
    for (const listener of [...listeners]) listener(readers());
  };
  const stops = [registry?.subscribe(tell)];
  if (smartCard)
    void import('./web-smart-card/smart-card-registry.ts').then(({ SmartCardRegistry }) => {
      if (isClosed) return;
      system = SmartCardRegistry.of(smartCard, settings);
      stops.push(system.subscribe(tell));
      if (system.readers.length > 0) tell();
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
      return readers();
    },
    get failures() {
      return registry?.failures ?? [];
    },
    subscribe(listener) {
      const own = (list: readonly Reader[]): void => listener(list);
      listeners.add(own);
      own(readers());
      return () => listeners.delete(own);
    },
    async close() {
      usb?.removeEventListener('connect', onConnect);
      isClosed = true;
      for (const stop of stops) stop?.();
      listeners.clear();
      await Promise.all(readers().map((reader) => reader.close()));
    },
  };
}

/** What is loaded only where the browser has a smart card service. */
interface SystemReaders {
  readonly readers: readonly Reader[];
  subscribe(listener: () => void): () => void;
}
