/** What the service worker is told when the network is back (Web Background Synchronization). */
const TAG = 'tsunagi-outbox';

/** What the service worker says to windows: somebody must look after what waits. */
export const WAKE_MESSAGE = 'hand-over';

/** What is used of a service worker's registration, where the browser has the extra at all. */
interface SyncRegistration {
  readonly sync: { register(tag: string): Promise<void> };
}

const canSync = (registration: object): registration is SyncRegistration => 'sync' in registration;

/**
 * Asks the browser to wake the service worker when there is a network, even with no window open. An extra: windows hand
 * over by themselves, and browsers without it, or with a person who forbade it, lose nothing.
 */
export function createSyncRequest(findRegistration: () => Promise<object | undefined>) {
  let asked = 0;
  /** @param waiting how many submissions wait now */
  return async (waiting: number): Promise<void> => {
    const isMore = waiting > asked;
    asked = waiting;
    if (!isMore) return;
    try {
      const registration = await findRegistration();
      if (registration && canSync(registration)) await registration.sync.register(TAG);
    } catch {
      // Forbidden, or no service worker yet.
    }
  };
}
