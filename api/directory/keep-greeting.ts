import { PeerHello } from '../contract/exchange-api.ts';
import { Problem } from '../contract/problem.ts';
import { pause } from '../http/back-off.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';

const EVERY_MS = 30_000;

/**
 * Calls a peer now and then for no other reason than to hear whether it answers, and whether it has other directories,
 * until the signal is aborted. The client notes what it hears.
 */
export async function keepGreeting(peer: ExchangeClient, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  while (!signal.aborted) {
    try {
      await peer.get('/api/peer/hello', PeerHello, { signal });
    } catch (error) {
      // Refused or away: the client has noted it, and health says so.
      if (!signal.aborted && !(error instanceof Problem)) throw error;
    }
    await pause(EVERY_MS, signal);
  }
}
