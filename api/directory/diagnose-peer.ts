import { Directory, verifyDirectory } from '../contract/directory.ts';
import { Directories, PeerHello } from '../contract/exchange-api.ts';
import { JoseError, readClaims, type SigningKey } from '../contract/jose.ts';
import { findAmong } from '../contract/keys-by-thumbprint.ts';
import type { PeerDiagnosis, PeerFinding } from '../contract/operator-api.ts';
import { Problem } from '../contract/problem.ts';
import { REQUEST_SKEW_SECONDS } from '../contract/signed-request.ts';
import { createExchangeClient, type Fetch } from '../http/exchange-client.ts';
import type { PinnedExchange } from './directory-book.ts';
import { readFetchFailure } from './fetch-failure.ts';
import { trustedKeys } from './trusted-keys.ts';

export interface PeerTest {
  /** The peer as it is pinned here. */
  readonly peer: PinnedExchange & { readonly origin: string };
  /** Our own exchange. */
  readonly self: string;
  readonly key: SigningKey;
  /** What is held of the peer; a smaller serial is a downgrade. */
  readonly held?: Directory | undefined;
  readonly fetch: Fetch;
  readonly now: () => Date;
}

/** Ends a diagnosis: this is what to mend first. */
class Found extends Error {
  readonly finding: PeerFinding;
  constructor(finding: PeerFinding, detail: string) {
    super(detail);
    this.name = 'Found';
    this.finding = finding;
  }
}

const TIMEOUT_MS = 10_000;

/**
 * Tests the line to a peer from end to end: reached, the right one, its directory in order, the clocks, and whether it has
 * pinned us too, by a signed call. Changes nothing on either side. Never rejects for what the peer does.
 */
export async function diagnosePeer(test: PeerTest): Promise<PeerDiagnosis> {
  const { peer, now } = test;
  const seen: { roundTripMs: number | null; clockOffsetMs: number | null } = { roundTripMs: null, clockOffsetMs: null };
  const answer = (finding: PeerFinding | null, detail: string): PeerDiagnosis => ({
    ...{ exchange: peer.id, origin: peer.origin, finding, detail },
    ...seen,
  });
  try {
    const begun = now().getTime();
    const { directory: jws, date } = await fetchDirectory(test);
    seen.roundTripMs = Math.max(0, now().getTime() - begun);
    if (date !== undefined) seen.clockOffsetMs = date - (begun + seen.roundTripMs / 2);
    const directory = await checkDirectory(test, jws, seen.clockOffsetMs);
    checkPin(test, directory);
    await sayHello(test);
    return answer(null, `serial ${directory.serial} until ${directory.expires}`);
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    return answer(error.finding, error.message);
  }
}

async function fetchDirectory({ peer, fetch }: PeerTest) {
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL('/api/directories', peer.origin).href, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    text = await response.text();
  } catch (error) {
    const { finding, detail } = readFetchFailure(error);
    throw new Found(finding, detail);
  }
  const parsed = response.ok ? Directories.safeParse(readJson(text)) : undefined;
  if (!parsed?.success) throw new Found('not_an_exchange', `status ${response.status}`);
  const date = Date.parse(response.headers.get('date') ?? '');
  // The header counts whole seconds: the middle of the second is the best guess.
  return { directory: parsed.data.own, date: Number.isNaN(date) ? undefined : date + 500 };
}

async function checkDirectory({ peer, held, now }: PeerTest, jws: string, clockOffsetMs: number | null) {
  try {
    const claimed = readClaims(jws, Directory);
    if (claimed.iss !== peer.id) throw new Found('another_exchange', claimed.iss);
    if (Math.abs(clockOffsetMs ?? 0) > REQUEST_SKEW_SECONDS * 1000) {
      throw new Found('clock_skew', `${Math.round((clockOffsetMs ?? 0) / 1000)} s`);
    }
    const keys = await trustedKeys(peer, claimed, held);
    const expected = { exchange: peer.id, findKey: findAmong(keys), now: now() };
    return await verifyDirectory(jws, { ...expected, ...(held ? { atLeastSerial: held.serial } : {}) });
  } catch (error) {
    if (error instanceof JoseError) throw new Found('not_an_exchange', error.code);
    if (!(error instanceof Problem)) throw error;
    throw new Found(findingOf(error), error.detail);
  }
}

function findingOf({ code, cause }: Problem): PeerFinding {
  if (code === 'directory_stale') return 'expired';
  if (code === 'directory_downgrade') return 'downgraded';
  const isKey = cause instanceof JoseError && (cause.code === 'jws_unknown_key' || cause.code === 'jws_bad_signature');
  return isKey ? 'wrong_key' : 'untrusted';
}

/** Whether the peer has pinned us at all; whether with the right key, the call shows: it may follow successions. */
function checkPin({ self }: PeerTest, { peers }: Directory): void {
  if (!peers.some(({ id }) => id === self)) throw new Found('not_pinned_there', `its directory does not name ${self}`);
}

async function sayHello({ peer, self, key, fetch, now }: PeerTest): Promise<void> {
  const client = createExchangeClient({ origin: peer.origin, self, exchange: peer.id, key, fetch, now });
  try {
    await client.get('/api/peer/hello', PeerHello, { timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'clock_skew') throw new Found('clock_skew', error.detail);
    if (error.code === 'unauthenticated') throw new Found('pinned_with_another_key', error.detail);
    throw new Found(error.code === 'exchange_unreachable' ? 'unreachable' : 'refused', `${error.code} ${error.detail}`);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
