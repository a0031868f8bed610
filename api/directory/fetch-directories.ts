import { Directories } from '../contract/exchange-api.ts';
import { Problem } from '../contract/problem.ts';
import type { Fetch } from '../http/exchange-client.ts';

const TIMEOUT_MS = 10_000;

/**
 * Fetches what an exchange serves at `GET /api/directories`. Public, so the request is not signed; what comes is believed
 * for its signatures alone.
 *
 * @throws {Problem} `exchange_unreachable`
 */
export async function fetchDirectories(fetch: Fetch, origin: string, signal: AbortSignal): Promise<Directories> {
  try {
    const response = await fetch(new URL('/api/directories', origin).href, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      redirect: 'error',
    });
    if (!response.ok) throw new RangeError(`status ${response.status}`);
    return Directories.parse(await response.json());
  } catch (cause) {
    throw new Problem('exchange_unreachable', 'its directories could not be fetched', { cause });
  }
}
