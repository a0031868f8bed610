import { pause, type Clock } from '../../transport/clock.ts';
import type { SmartCardApi, SmartCardContext, SmartCardStateIn, SmartCardStateOut } from './smart-card-api.ts';

/** The name under which PC/SC tells that readers came or went. */
const PLUG_AND_PLAY = '\\\\?PnP?\\Notification';

export interface StatusListener {
  /** The readers there are, by name; called before the states of new ones. */
  readers(names: readonly string[]): void;
  card(name: string, isPresent: boolean, count: number): void;
}

/**
 * Follows readers and cards for as long as `closed` is not aborted, on a context of its own, since waiting occupies one.
 * A service that stops or sleeps is asked for again every `retryMs`. Never rejects.
 */
export async function watchStatus(
  api: SmartCardApi,
  listener: StatusListener,
  { clock, retryMs }: { readonly clock: Clock; readonly retryMs: number },
  closed: AbortSignal,
): Promise<void> {
  while (!closed.aborted) {
    try {
      await follow(await api.establishContext(), listener, retryMs, closed);
    } catch {
      if (closed.aborted) return;
      listener.readers([]);
      await pause(clock, retryMs);
    }
  }
}

async function follow(
  context: SmartCardContext,
  listener: StatusListener,
  retryMs: number,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, SmartCardStateOut>();
  let hasPlugAndPlay = true;
  while (!signal.aborted) {
    const names = await context.listReaders();
    for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    listener.readers(names);
    const states: SmartCardStateIn[] = names.map((name) => asked(name, known.get(name)));
    if (hasPlugAndPlay) states.push({ readerName: PLUG_AND_PLAY, currentState: {} });
    try {
      // Where coming and going is not told, the list is fetched now and then.
      const limit = hasPlugAndPlay ? {} : { timeout: retryMs };
      for (const state of await context.getStatusChange(states, { ...limit, signal })) {
        if (state.readerName === PLUG_AND_PLAY) continue;
        known.set(state.readerName, state);
        listener.card(state.readerName, state.eventState.present === true, state.eventCount);
      }
    } catch (error) {
      if (signal.aborted || !isPassing(error, hasPlugAndPlay)) throw error;
      hasPlugAndPlay = hasPlugAndPlay && names.length > 0 && (await context.listReaders()).join() !== names.join();
    }
  }
}

function asked(readerName: string, known: SmartCardStateOut | undefined): SmartCardStateIn {
  if (!known) return { readerName, currentState: { unaware: true } };
  const { unavailable, empty, present, exclusive, inuse, mute, unpowered } = known.eventState;
  const flags = { unavailable, empty, present, exclusive, inuse, mute, unpowered };
  const currentState = Object.fromEntries(Object.entries(flags).filter(([, isSet]) => isSet));
  return { readerName, currentState, currentCount: known.eventCount };
}

/** A reader that went meanwhile, a service without plug and play, or a time-out, which the API calls unknown. */
function isPassing(error: unknown, hasPlugAndPlay: boolean): boolean {
  if (typeof error !== 'object' || !error) return false;
  if ('responseCode' in error) return error.responseCode === 'unknown-reader';
  return !hasPlugAndPlay && error instanceof Error && error.name === 'UnknownError';
}
