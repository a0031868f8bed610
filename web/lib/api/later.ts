import { ApiError } from './api-error.ts';

/**
 * The functions of a module that travels with the first call of one of them. Where it cannot be fetched the call rejects
 * with `network_unreachable`, as it would have done a moment later, and the next one tries again.
 */
export function later<T extends Readonly<Record<keyof T, (...args: never[]) => Promise<unknown>>>>(
  load: () => Promise<T>,
): T {
  let loading: Promise<T> | undefined;
  const loaded = () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new ApiError('network_unreachable', 'the rest of the app', { cause });
    }));
  const call =
    (name: string) =>
    async (...args: unknown[]) => {
      const found: unknown = Reflect.get(await loaded(), name);
      if (typeof found !== 'function') throw new TypeError(`no call of that name: ${name}`);
      return (await Reflect.apply(found, undefined, args)) as unknown;
    };
  const calls = new Map<string, ReturnType<typeof call>>();
  return new Proxy<object>(
    {},
    {
      get(_target, name) {
        // Nobody awaits the calls themselves.
        if (typeof name === 'symbol' || name === 'then') return undefined;
        if (!calls.has(name)) calls.set(name, call(name));
        return calls.get(name);
      },
    },
    // What answers to any name answers to those of T.
  ) as T;
}
