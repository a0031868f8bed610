/** Told of each operation that has ended, well or not. */
export type StoreObserver = (area: string, operation: string, ms: number) => void;

/**
 * The same stores, whose operations are timed from the call until they are durable, with whatever driver stands behind.
 * What is no area of operations is passed on untouched.
 */
export function observeStores<Stores extends object>(
  stores: Stores,
  observe: StoreObserver,
  uptimeMs: () => number,
): Stores {
  const observed = Object.entries(stores).map(([area, store]: [string, unknown]) => [
    area,
    typeof store === 'object' && store !== null && area !== 'signals'
      ? observeArea(area, store, observe, uptimeMs)
      : store,
  ]);
  return Object.fromEntries(observed) as Stores;
}

function observeArea(area: string, store: object, observe: StoreObserver, uptimeMs: () => number): object {
  return new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...call: readonly unknown[]) => {
        const begun = uptimeMs();
        const outcome: unknown = Reflect.apply(member, target, call);
        if (outcome instanceof Promise) {
          const end = () => observe(area, name, uptimeMs() - begun);
          outcome.then(end, end);
        }
        return outcome;
      };
    },
  });
}
