/**
 * Tells the processes that share a database that something happened to a key: a mailbox got mail, a queue got work.
 *
 * A signal may be lost, doubled or late; nothing may depend on it but how soon somebody looks.
 */
export interface Signals {
  /** Tells all other processes; never rejects and never waits. */
  announce(key: string): void;
  /**
   * Calls the listener with what other processes announce, until the store is closed; without a key when something may have
   * been missed, and everybody should look.
   */
  subscribe(listener: (key?: string) => void): void;
}

/** For a database that one process has to itself: there is nobody to tell. */
export const NOBODY_ELSE: Signals = { announce: () => {}, subscribe: () => {} };
