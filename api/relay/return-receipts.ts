import { PeerReceiptsAnswer } from '../contract/exchange-api.ts';
import { Problem } from '../contract/problem.ts';
import type { ExchangeClient } from '../http/exchange-client.ts';
import { owedBell, type RelayParts } from './parts.ts';
import { readReceipt, toStored } from './receipts.ts';
import { workInRounds, type LoopOptions } from './work-loop.ts';

const BATCH = 200;

/** Brings the receipts of later states back to the exchange that the envelopes came from, until the signal is aborted. */
export const keepReturningReceipts = (parts: RelayParts, peer: ExchangeClient, options: LoopOptions): Promise<void> =>
  workInRounds(parts.bells, owedBell(peer.exchange), options, async () => {
    const owed = await parts.store.readOwed(peer.exchange, BATCH);
    if (owed.length === 0) return 'idle';
    try {
      const body = { receipts: owed.map(({ jws }) => jws) };
      await peer.post('/api/peer/receipts', body, PeerReceiptsAnswer, { signal: options.signal });
    } catch (error) {
      if (options.signal.aborted || error instanceof Problem) return 'failed';
      throw error;
    }
    await parts.store.settleOwed(
      peer.exchange,
      owed.map(({ sequence }) => sequence),
    );
    return 'done';
  });

/**
 * Takes receipts that a peer brings back; resolves with how many stand here now. One that is not the peer's own, or not
 * about an envelope we handed to it, is left out: it must not keep the others from arriving.
 */
export async function takeReceipts(parts: RelayParts, peer: string, receipts: readonly string[]): Promise<number> {
  const taken = await Promise.all(receipts.map((jws) => takeReceipt(parts, peer, jws)));
  return taken.filter(Boolean).length;
}

async function takeReceipt(parts: RelayParts, peer: string, jws: string): Promise<boolean> {
  try {
    const receipt = await readReceipt(jws, parts.directory().exchangeKeys);
    const entry = await parts.store.read(receipt.envelope);
    const isTheirs =
      receipt.iss === peer &&
      entry?.destination.kind === 'peer' &&
      entry.destination.exchange === peer &&
      entry.envelope.digest === receipt.digest;
    if (!isTheirs) return false;
    await parts.store.advance(receipt.envelope, [{ ...toStored(receipt, jws), isOwn: false }]);
    return true;
  } catch (error) {
    // An expired directory is for them to wait for; anything else about one receipt is not.
    if (!(error instanceof Problem) || error.code === 'directory_stale') throw error;
    return false;
  }
}
