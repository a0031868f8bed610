import { Problem } from '../contract/problem.ts';
import { DeliveryAnswer } from '../contract/relay-api.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import { pullMailbox } from './mailbox.ts';
import { mailboxBell, type RelayParts } from './parts.ts';
import { workInRounds, type LoopOptions } from './work-loop.ts';

/** Longer than a gateway takes to store a full mailbox. */
const TIMEOUT_MS = 60_000;

/**
 * Brings a member's mail to its gateway, which can be reached, until the signal is aborted. Only the gateway's own signed
 * word settles an envelope, as for mail that it pulled: whatever is lost on the way is brought again, or pulled.
 *
 * @param gateway calls to it; its `exchange` is the institution's id
 */
export function keepBringing(parts: RelayParts, gateway: ExchangeClient, options: LoopOptions): Promise<void> {
  const { signal } = options;
  let brought = '';
  return workInRounds(parts.bells, mailboxBell(gateway.exchange), options, async () => {
    const mailbox = await pullMailbox(parts, gateway.exchange, { waitMs: 0, except: [], signal });
    if (mailbox.envelopes.length === 0) return 'idle';
    const load = mailbox.envelopes.map(({ envelope }) => envelope).join();
    // Brought before and still here: the gateway could not take it, which is no reason to hurry.
    const isAgain = load === brought;
    brought = load;
    try {
      await gateway.post('/api/deliveries', mailbox, DeliveryAnswer, { signal, timeoutMs: TIMEOUT_MS });
      return isAgain ? 'failed' : 'done';
    } catch (error) {
      if (signal.aborted || error instanceof Problem) return 'failed';
      throw error;
    }
  });
}
