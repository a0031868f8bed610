import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../../../api/contract/encoding.ts';
import {
  encodeTimestampRequest,
  parseTimestampResponse,
  positiveInteger,
} from '../../../api/contract/evidence/rfc3161.ts';
import { verifyTimestamp } from '../../../api/contract/evidence/verify-timestamp.ts';
import {
  createHttpAuthority,
  createSimulatedAuthority,
  type TimeStampAuthority,
} from '../../../api/evidence/time-stamp-authority.ts';
import { checkpointDigest } from '../../../api/contract/evidence/check-timestamp.ts';
import { parseNote } from '../../../api/contract/evidence/signed-note.ts';
import { createTimeStamping } from '../../../api/evidence/time-stamping.ts';
import { EvidenceError } from '../../../api/contract/evidence/errors.ts';
import { openTestLog } from './evidence-fixture.ts';
import { hasOpenssl, KEY_KINDS, openOpensslAuthority } from './openssl-authority.ts';

const imprint = digest('a checkpoint');

describe('time-stamp requests', () => {
  it('are the DER of RFC 3161 §2.4.1', () => {
    const request = encodeTimestampRequest(new Uint8Array(32).fill(0xaa), Uint8Array.of(0x01, 0x02));
    expect(Buffer.from(request).toString('hex')).toBe(
      `303d0201013031300d060960864801650304020105000420${'aa'.repeat(32)}020201020101ff`,
    );
  });

  it('write a nonce as a positive integer', () => {
    expect(positiveInteger(Uint8Array.of(0, 0, 0x80))).toEqual(Uint8Array.of(0, 0x80));
    expect(positiveInteger(Uint8Array.of(0, 0))).toEqual(Uint8Array.of(0));
  });

  it.each([
    ['a refusal', '30053003020102', 'timestamp_unavailable'],
    ['a grant without a token', '30053003020100', 'timestamp_malformed'],
    ['no DER', 'ff', 'timestamp_malformed'],
  ])('%s is no token', (_, hex, code) => {
    expect(() => parseTimestampResponse(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ code }));
  });
});

const kinds = Object.keys(KEY_KINDS) as (keyof typeof KEY_KINDS)[];
describe.skipIf(!hasOpenssl).each(kinds)('tokens of openssl ts with %s (skipped where openssl is absent)', (kind) => {
  let server: ReturnType<typeof openOpensslAuthority>;
  let authority: TimeStampAuthority;
  beforeAll(() => {
    server = openOpensslAuthority(kind);
    authority = createHttpAuthority({
      url: 'https://tsa.example/',
      anchors: server.anchors,
      random: (bytes) => crypto.getRandomValues(bytes),
      fetch: async (input, init) => {
        const request = new Request(input, init);
        expect(request.headers.get('content-type')).toBe('application/timestamp-query');
        return new Response(server.reply(new Uint8Array(await request.arrayBuffer())));
      },
    });
  });
  afterAll(() => server.close());

  it('verify here as they verify there', async () => {
    const { token, time, kind: tokenKind } = await authority.stamp(imprint);
    expect(tokenKind).toBe('rfc3161');
    expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(60_000);
    expect(server.accepts(token, imprint)).toBe(true);
    expect((await verifyTimestamp(token, { digest: imprint, anchors: server.anchors })).time).toEqual(time);
  });

  it('are refused for another digest, another nonce, another root', async () => {
    const { token } = await authority.stamp(imprint);
    const { anchors } = server;
    const mismatch = { code: 'timestamp_mismatch' };
    await expect(verifyTimestamp(token, { digest: digest('other'), anchors })).rejects.toMatchObject(mismatch);
    const nonce = Uint8Array.of(1);
    await expect(verifyTimestamp(token, { digest: imprint, nonce, anchors })).rejects.toMatchObject(mismatch);
    await expect(verifyTimestamp(token, { digest: imprint, anchors: [] })).rejects.toMatchObject({
      code: 'timestamp_untrusted',
    });
  });

  it('are refused with any byte changed', async () => {
    const { token } = await authority.stamp(imprint);
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, n) => Math.floor((n * token.length) / 40)).map(async (at) => {
        const changed = token.slice();
        changed[at] = (changed[at] ?? 0) ^ 0x01;
        return verifyTimestamp(changed, { digest: imprint, anchors: server.anchors }).then(
          (verified) => [at, verified.time.toISOString()] as const,
          (error: unknown) => (error instanceof EvidenceError ? undefined : ([at, error] as const)),
        );
      }),
    );
    // The signer's name (a hint) is not signed; everything that says something is.
    expect(verdicts.filter((verdict) => verdict !== undefined).length).toBeLessThanOrEqual(3);
  });

  it('prove the time of a checkpoint of the log', async () => {
    const { open, append, store } = await openTestLog();
    const log = await open();
    await append(3);
    await log.integrate();
    const stamped = await createTimeStamping({ store, authorities: [authority], clock: () => new Date() }).stampOnce();
    const { note } = await log.latestCheckpoint();
    expect(server.accepts(stamped?.token ?? new Uint8Array(), checkpointDigest(parseNote(note).text))).toBe(true);
  });
});

describe('time-stamping the log', () => {
  const away: TimeStampAuthority = {
    name: 'away',
    anchors: [],
    stamp: () => Promise.reject(new EvidenceError('timestamp_unavailable', 'away')),
  };

  it('stamps once per growth, and the token covers every leaf below', async () => {
    const { open, append, store, time } = await openTestLog();
    const log = await open();
    let stamps = 0;
    const simulated = createSimulatedAuthority(() => time.now);
    const counted: TimeStampAuthority = {
      name: 'counted',
      anchors: [],
      stamp: (d) => ((stamps += 1), simulated.stamp(d)),
    };
    const stamping = createTimeStamping({ store, authorities: [away, counted], clock: () => time.now });
    await append(5);
    await log.integrate();
    expect(await stamping.stampOnce()).toMatchObject({ size: 5, kind: 'simulated', authority: 'counted' });
    await stamping.stampOnce();
    expect(stamps).toBe(1);
    await append(5);
    await log.integrate();
    time.now = new Date('2026-04-01T01:00:00Z');
    await stamping.stampOnce();
    expect([await store.readTimestampCovering(3), await store.readTimestampCovering(6)]).toMatchObject([
      { size: 5, time: new Date('2026-04-01T00:00:00Z') },
      { size: 10, time: new Date('2026-04-01T01:00:00Z') },
    ]);
    expect(await store.readTimestampCovering(11)).toBeUndefined();
  });

  it('prefers what witnesses vouch for, and finds the token over that', async () => {
    const { open, append, store, time } = await openTestLog();
    const log = await open();
    const authorities = [createSimulatedAuthority(() => time.now)];
    const stamping = createTimeStamping({ store, authorities, clock: () => time.now, threshold: 1 });
    expect(await stamping.stampOnce()).toMatchObject({ size: 0 });
    await append(2);
    await log.integrate();
    await store.addCosignature(2, 'w.example', '\u2014 w.example AAAAAAAA\n');
    await append(1);
    await log.integrate();
    expect(await stamping.stampOnce()).toMatchObject({ size: 2 });
    expect(await stamping.stampOnce()).toMatchObject({ size: 3 });
    expect([await store.readTimestampCovering(0, 1), await store.readTimestampCovering(3, 1)]).toMatchObject([
      { size: 2 },
      undefined,
    ]);
    expect(await store.readTimestampCovering(3)).toMatchObject({ size: 3 });
  });

  it('says how long leaves have waited, and when that is too long', async () => {
    const { open, append, store, time } = await openTestLog();
    const log = await open();
    const simulated = createSimulatedAuthority(() => time.now);
    const stamping = (authorities: readonly TimeStampAuthority[]) =>
      createTimeStamping({ store, authorities, clock: () => time.now, graceMs: 60_000 });
    await stamping([simulated]).stampOnce();
    expect(await stamping([]).status()).toMatchObject({ waitingMs: 0, isOverdue: false });
    await append(1);
    await log.integrate();
    time.now = new Date(time.now.getTime() + 60_000);
    await expect(stamping([away]).stampOnce()).rejects.toMatchObject({ code: 'timestamp_unavailable' });
    expect(await stamping([]).status()).toMatchObject({ waitingMs: 60_000, isOverdue: false });
    time.now = new Date(time.now.getTime() + 1);
    expect(await stamping([]).status()).toMatchObject({ isOverdue: true });
    await stamping([away, simulated]).stampOnce();
    expect(await stamping([]).status()).toMatchObject({ waitingMs: 0, isOverdue: false });
  });

  it.each([
    ['does not answer', () => Promise.reject(new TypeError('fetch failed')), 'timestamp_unavailable'],
    ['is out of order', () => Promise.resolve(new Response('', { status: 503 })), 'timestamp_unavailable'],
    ['answers nonsense', () => Promise.resolve(new Response('hello')), 'timestamp_malformed'],
  ])('tells an authority that %s', async (_, fetch, code) => {
    const broken = createHttpAuthority({ url: 'https://tsa.example/', anchors: [], fetch, random: (bytes) => bytes });
    await expect(broken.stamp(imprint)).rejects.toMatchObject({ code });
  });
});
