import { expect, it } from 'vitest';
import { LANGUAGES } from '#api/cli/arguments.ts';
import { SENTENCES } from '#api/cli/exchange/sentences.ts';
import type { Directory } from '#api/contract/directory.ts';
import type { PeerFinding } from '#api/contract/operator-api.ts';
import { diagnosePeer } from '#api/directory/diagnose-peer.ts';
import type { Fetch } from '#api/http/exchange-client.ts';
import { createKey, createParties, DAY_MS, describe, later, NOW, pin, signed } from '../parties/parties.ts';

const { east, west } = await createParties();

/** EAST tests its line to a WEST that answers so. */
const test = (fetch: Fetch, held?: Directory) =>
  diagnosePeer({
    peer: { ...pin(west), origin: 'https://west.example' },
    ...{ self: 'east', key: east.key, held, fetch, now: () => NOW },
  });

/** A WEST that publishes this, by this clock. */
const publishing =
  (own: string, date = NOW): Fetch =>
  (url) =>
    Promise.resolve(
      url.endsWith('/api/directories')
        ? Response.json({ own, peers: [] }, { headers: { date: date.toUTCString() } })
        : Response.json({ exchange: 'west', caller: 'east', time: NOW.toISOString() }),
    );

const failing =
  (code: string): Fetch =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new RangeError('no'), { code }) }));

it('finds nothing on a line that works', async () => {
  expect(await test(publishing(await signed(west, [east])))).toMatchObject({ finding: null, exchange: 'west' });
});

const impostor = { ...west, key: await createKey() };
const cases: readonly { readonly finding: PeerFinding; readonly fetch: Fetch; readonly held?: Directory }[] = [
  { finding: 'tls_untrusted', fetch: failing('CERT_HAS_EXPIRED') },
  { finding: 'tls_untrusted', fetch: failing('DEPTH_ZERO_SELF_SIGNED_CERT') },
  { finding: 'name_unknown', fetch: failing('ENOTFOUND') },
  { finding: 'unreachable', fetch: failing('ECONNREFUSED') },
  { finding: 'not_an_exchange', fetch: () => Promise.resolve(new Response('<h1>It works!</h1>')) },
  { finding: 'another_exchange', fetch: publishing(await signed(east)) },
  { finding: 'clock_skew', fetch: publishing(await signed(west, [east]), later(6 * 60_000)) },
  { finding: 'wrong_key', fetch: publishing(await signed(impostor, [east])) },
  { finding: 'expired', fetch: publishing(await signed(west, [east], { expires: later(-DAY_MS).toISOString() })) },
  { finding: 'downgraded', fetch: publishing(await signed(west, [east])), held: describe(west, [east], { serial: 2 }) },
  { finding: 'not_pinned_there', fetch: publishing(await signed(west)) },
];

it.each(cases)(
  'finds $finding, and has words and a remedy for it in both languages',
  async ({ finding, fetch, held }) => {
    expect(await test(fetch, held)).toMatchObject({ finding });
    for (const language of LANGUAGES) {
      expect(JSON.stringify(SENTENCES[language].findings[finding])).toMatch(/^\{"wrong":".+","remedy":".+"\}$/);
    }
  },
);
