import { throwIfAborted } from '../errors.ts';
import type { CardConnection } from './reader.ts';
import type { Turnstile } from './turnstile.ts';
import { unlessAborted } from './unless-aborted.ts';

/**
 * Connects to a card when it is the caller's turn. A card that gets its power after its caller gave up loses it again, and
 * only then comes the next caller's turn.
 *
 * @param connect ends the turn by the function that it is given: when it fails, or when its connection is let go
 * @throws {CardError} `aborted`, and what `connect` throws
 */
export async function connectInTurn<C extends CardConnection>(
  turnstile: Turnstile,
  signal: AbortSignal | undefined,
  connect: (leave: () => void) => Promise<C>,
): Promise<C> {
  throwIfAborted(signal);
  const connecting = connect(await turnstile.enter(signal));
  try {
    return await unlessAborted(connecting, signal);
  } catch (error) {
    if (signal?.aborted)
      connecting.then(
        (connection) => connection.disconnect(),
        () => {},
      );
    throw error;
  }
}
