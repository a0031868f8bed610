import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../../api/contract/encoding.ts';
import { commitRecord } from '../../../api/contract/evidence/commitment.ts';
import { createReceipt, encodeReceipt } from '../../../api/contract/evidence/receipt.ts';
import type { ReceiptTrust } from '../../../api/contract/evidence/trust.ts';
import { verifyReceiptText } from '../../../api/contract/evidence/verify-receipt.ts';
import { createSigningJwk, importSigningKey } from '../../../api/contract/jose.ts';
import { signVisitRecord } from '../../../api/contract/visit-record.ts';
import { createHttpAuthority, createSimulatedAuthority } from '../../../api/evidence/time-stamp-authority.ts';
import { createTimeStamping } from '../../../api/evidence/time-stamping.ts';
import { appendLeaf } from '../../../api/storage/sqlite/evidence.ts';
import { VISIT } from '../contract-evidence/receipt-fixture.ts';
import { openTestLog } from './evidence-fixture.ts';
import { hasOpenssl, openOpensslAuthority } from './openssl-authority.ts';

describe.skipIf(!hasOpenssl)('a receipt with a time-stamp of openssl ts (skipped where openssl is absent)', () => {
  let server: ReturnType<typeof openOpensslAuthority>;
  beforeAll(() => void (server = openOpensslAuthority('P-256')));
  afterAll(() => server.close());

  /** A log with one visit, and what its receipt is now. */
  async function openVisit() {
    const { database, store, open, append } = await openTestLog();
    const exchange = await importSigningKey(await createSigningJwk());
    const record = await signVisitRecord(VISIT, exchange);
    const salt = new Uint8Array(32).fill(7);
    const leaf = await database.write((db) => appendLeaf(db, commitRecord(record, salt)));
    const log = await open();
    const trust: ReceiptTrust = { logKeys: [log.verifierKey], exchangeKeys: { [exchange.kid]: exchange.publicJwk } };
    const authority = createHttpAuthority({
      url: 'https://tsa.example/',
      anchors: server.anchors,
      random: (bytes) => crypto.getRandomValues(bytes),
      fetch: async (input, init) =>
        new Response(server.reply(new Uint8Array(await new Request(input, init).arrayBuffer()))),
    });
    return {
      ...{ log, store, append, trust, authority },
      anchors: server.anchors.map(({ der }) => encodeBase64(der)),
      check: async (pinned: Partial<ReceiptTrust> = {}) => {
        const { proof, timestamp } = await log.evidenceFor(leaf);
        const text = encodeReceipt(createReceipt(record, salt, proof, timestamp));
        const verdict = await verifyReceiptText(text, { ...trust, ...pinned });
        const check = verdict.checks.find(({ code }) => code === 'timestamp');
        return { ok: verdict.ok, outcome: check?.reason ?? check?.outcome, facts: check?.facts };
      },
    };
  }

  it('says when an outside clock saw it, and by whose', async () => {
    const { store, authority, anchors, log, append, check } = await openVisit();
    const pinned = { logTimestampAnchors: { [log.origin]: anchors } };
    expect(await check(pinned)).toMatchObject({ ok: true, outcome: 'not_required' });
    expect(await check({ timestampAnchors: anchors })).toMatchObject({ ok: false, outcome: 'timestamp_missing' });
    const stamping = createTimeStamping({ store, authorities: [authority], clock: () => new Date() });
    await stamping.stampOnce();
    const stamped = await check(pinned);
    expect(stamped).toMatchObject({ ok: true, outcome: 'passed', facts: { authority: 'Authority' } });
    // The first token over a leaf is the best one: later ones say less.
    await append(3);
    await log.integrate();
    await stamping.stampOnce();
    expect(await check({ timestampAnchors: anchors })).toEqual(stamped);
  });

  it('fails with a stranger’s token, also where none is asked for', async () => {
    const { store, authority, log, check } = await openVisit();
    await createTimeStamping({ store, authorities: [authority], clock: () => new Date() }).stampOnce();
    const stranger = openOpensslAuthority('P-256');
    const anchors = stranger.anchors.map(({ der }) => encodeBase64(der));
    stranger.close();
    const expected = { ok: false, outcome: 'timestamp_untrusted' };
    expect(await check({ logTimestampAnchors: { [log.origin]: anchors } })).toMatchObject(expected);
    expect(await check({ logTimestampAnchors: { 'another.example/log': anchors } })).toMatchObject({
      ok: true,
      outcome: 'not_required',
    });
  });

  it('carries no token of a simulated authority', async () => {
    const { store, check, anchors } = await openVisit();
    const authorities = [createSimulatedAuthority(() => new Date())];
    await createTimeStamping({ store, authorities, clock: () => new Date() }).stampOnce();
    expect(await check({ timestampAnchors: anchors })).toMatchObject({ ok: false, outcome: 'timestamp_missing' });
  });
});
