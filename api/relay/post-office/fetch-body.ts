import { Problem } from '../../contract/problem.ts';
import { PIECE_LIMIT_BYTES } from '../../contract/relay-api.ts';
import { largeBodyLengths } from '../../contract/large-body.ts';
import { SIZE_BUCKETS } from '../../contract/envelope.ts';
import { delayAfter, pause } from '../../http/back-off.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import type { LoopOptions } from '../work-loop.ts';

const PIECE_TIMEOUT_MS = 120_000;
const TRIES = 5;
const PACE = { baseMs: 100, capMs: 5000 };
const LARGEST = largeBodyLengths(Math.max(...SIZE_BUCKETS)).most;

/**
 * Fetches a large body piece by piece; a piece that is cut off is asked for again, not the whole.
 *
 * @throws {Problem} `exchange_unreachable`; `envelope_too_large` for one that nobody may send
 */
export async function fetchBody(
  client: ExchangeClient,
  { id, size }: { readonly id: string; readonly size: number },
  { signal, random }: Pick<LoopOptions, 'signal' | 'random'>,
): Promise<Uint8Array> {
  if (size > LARGEST) throw new Problem('envelope_too_large', `${size} bytes`);
  const body = new Uint8Array(size);
  let failures = 0;
  for (let at = 0; at < size;) {
    const until = Math.min(at + PIECE_LIMIT_BYTES, size);
    const options = { headers: { range: `bytes=${at}-${until - 1}` }, timeoutMs: PIECE_TIMEOUT_MS, signal };
    try {
      const piece = await client.getBytes(`/api/mailbox/${id}/body`, options);
      if (piece.length === 0 || at + piece.length > size) throw new Problem('exchange_unreachable', 'not the range');
      body.set(piece, at);
      at += piece.length;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!(error instanceof Problem) || failures >= TRIES || error.status < 500) throw error;
      await pause(delayAfter(failures, PACE, random), signal);
    }
  }
  return body;
}
