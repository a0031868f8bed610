/** Runs work that only one tab of this browser may do at a time; the others wait their turn. */
export type Exclusively = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Web Locks: released by the browser when a tab dies, so that a killed tab never blocks the rest. */
export const withWebLock =
  (locks: LockManager): Exclusively =>
  (name, work) =>
    locks.request(name, () => work());

/** The same within one window, for tests and for browsers without Web Locks. */
export function createMemoryLocks(): Exclusively {
  const turns = new Map<string, Promise<unknown>>();
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const result = (turns.get(name) ?? Promise.resolve()).then(work);
    turns.set(
      name,
      result.catch(() => {}),
    );
    return result;
  };
}
