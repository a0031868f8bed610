import { describe, expect, it } from 'vitest';
import { runCli, EXIT_CODES } from '../../../api/cli/run.ts';
import { digest, encodeBase64, encodeUtf8 } from '../../../api/contract/encoding.ts';
import { commitRecord } from '../../../api/contract/evidence/commitment.ts';
import {
  encodeEvidenceExport,
  parseEvidenceExport,
  type EvidenceExport,
} from '../../../api/contract/evidence/evidence-export.ts';
import { encodeTrust } from '../../../api/contract/evidence/trust.ts';
import { EXPORT_CHECKS, verifyExportText } from '../../../api/contract/evidence/verify-export.ts';
import { createSigningJwk, importSigningKey } from '../../../api/contract/jose.ts';
import { recordHash, signVisitRecord } from '../../../api/contract/visit-record.ts';
import { exportRange } from '../../../api/evidence/export-range.ts';
import { appendLeaf } from '../../../api/storage/sqlite/evidence.ts';
import { VISIT } from '../contract-evidence/receipt-fixture.ts';
import { hasOpenssl, openOpensslAuthority } from './openssl-authority.ts';
import { createHttpAuthority } from '../../../api/evidence/time-stamp-authority.ts';
import { createTimeStamping } from '../../../api/evidence/time-stamping.ts';
import { openTestLog } from './evidence-fixture.ts';

/** A log of one institution's visits, all of one person, and what opens its leaves. */
async function openLedger(count: number) {
  const { database, open, store } = await openTestLog();
  const exchange = await importSigningKey(await createSigningJwk());
  const openings = new Map<number, { record: string; salt: Uint8Array }>();
  let previous: string | null = null;
  for (let n = 0; n < count; n += 1) {
    const salt = digest(`salt ${n}`);
    const record = await signVisitRecord({ ...VISIT, previous, sequence: n + 1 }, exchange);
    previous = recordHash(record);
    const leaf = await database.write((db) => appendLeaf(db, commitRecord(record, salt)));
    openings.set(leaf, { record, salt });
  }
  const log = await open();
  const trust = { logKeys: [log.verifierKey], exchangeKeys: { [exchange.kid]: exchange.publicJwk } };
  const access: number[] = [];
  const parts = {
    log,
    store,
    readOpenings: () => Promise.resolve(openings),
    listAccessLeaves: () => Promise.resolve(access),
  };
  return {
    openings,
    access,
    trust,
    store,
    exportRange: (begin: number, end: number) => exportRange(parts, begin, end),
  };
}

const outcomes = (verdict: Awaited<ReturnType<typeof verifyExportText>>) =>
  Object.fromEntries(verdict.checks.map(({ code, outcome, reason }) => [code, reason ?? outcome]));
const allPassed = {
  ...Object.fromEntries(EXPORT_CHECKS.map((code) => [code, 'passed'])),
  witnesses: 'not_required',
  timestamp: 'not_required',
};

describe('exports for auditors', () => {
  it.each([
    [0, 9],
    [3, 7],
    [8, 9],
  ])('hold by themselves: leaves %i to %i', async (begin, end) => {
    const ledger = await openLedger(9);
    const text = encodeEvidenceExport(await ledger.exportRange(begin, end));
    expect(encodeEvidenceExport(parseEvidenceExport(text))).toBe(text);
    const verdict = await verifyExportText(text, ledger.trust);
    expect(outcomes(verdict)).toEqual(allPassed);
    expect([verdict.ok, verdict.leaves, verdict.forgotten]).toEqual([true, end - begin, 0]);
  });

  it('call entries of access logs what they are, and nothing that a number is missing for', async () => {
    const ledger = await openLedger(5);
    ledger.openings.delete(4);
    ledger.access.push(4);
    const read = async (begin: number, end: number) =>
      verifyExportText(encodeEvidenceExport(await ledger.exportRange(begin, end)), ledger.trust);
    const verdict = await read(0, 5);
    expect([verdict.ok, verdict.leaves, verdict.access, verdict.forgotten]).toEqual([true, 5, 1, 0]);

    // A visit in the middle that is called something else leaves its number behind.
    ledger.openings.delete(2);
    ledger.access.push(2);
    expect(outcomes(await read(0, 5))).toMatchObject({ chains: 'chain_broken' });
  });

  it('hold where records were forgotten, and count them', async () => {
    const ledger = await openLedger(5);
    ledger.openings.delete(2);
    // The person's chain now has an end outside: the record after the gap follows one that is not here.
    const text = encodeEvidenceExport(await ledger.exportRange(0, 5));
    const verdict = await verifyExportText(text, ledger.trust);
    expect(outcomes(verdict)).toEqual(allPassed);
    expect([verdict.forgotten, verdict.faults]).toEqual([
      1,
      [{ kind: 'sequence_gap', institution: VISIT.institution, from: 3, to: 3 }],
    ]);
  });

  it.skipIf(!hasOpenssl)('carry a time-stamp where one covers them (skipped where openssl is absent)', async () => {
    const ledger = await openLedger(4);
    const server = openOpensslAuthority('P-256');
    const authority = createHttpAuthority({
      url: 'https://tsa.example/',
      anchors: server.anchors,
      random: (bytes) => crypto.getRandomValues(bytes),
      fetch: async (input, init) =>
        new Response(server.reply(new Uint8Array(await new Request(input, init).arrayBuffer()))),
    });
    const trust = { ...ledger.trust, timestampAnchors: server.anchors.map(({ der }) => encodeBase64(der)) };
    const bare = await verifyExportText(JSON.stringify(await ledger.exportRange(0, 4)), trust);
    expect(outcomes(bare)).toMatchObject({ timestamp: 'timestamp_missing' });

    await createTimeStamping({ store: ledger.store, authorities: [authority], clock: () => new Date() }).stampOnce();
    const stamped = await ledger.exportRange(1, 3);
    const verdict = await verifyExportText(encodeEvidenceExport(stamped), trust);
    expect(outcomes(verdict)).toEqual({ ...allPassed, timestamp: 'passed' });
    const otherwise = await verifyExportText(JSON.stringify({ ...stamped, timestamp: 'AAAA' }), trust);
    expect(outcomes(otherwise)).toMatchObject({ timestamp: 'timestamp_malformed' });
    server.close();
  });

  const without = (content: EvidenceExport, at: number) => content.leaves.filter((_, n) => n !== at);
  it.each<[string, (content: EvidenceExport) => EvidenceExport, Record<string, string>]>([
    ['a leaf left out', (c) => ({ ...c, leaves: without(c, 2) }), { range: 'proof_mismatch', chains: 'chain_broken' }],
    ['leaves swapped', (c) => ({ ...c, leaves: [...c.leaves].reverse() }), { range: 'proof_mismatch' }],
    [
      'a record under another leaf',
      (c) => ({ ...c, leaves: c.leaves.map((l, n) => (n === 1 ? { ...l, opening: c.leaves[2]?.opening } : l)) }),
      { openings: 'leaf_mismatch', chains: 'chain_broken' },
    ],
    [
      'a record altered',
      (c) => ({
        ...c,
        leaves: c.leaves.map((l) => ({
          ...l,
          opening: l.opening && { ...l.opening, record: l.opening.record.replace(/.(.{9})$/, '_$1') },
        })),
      }),
      { openings: 'leaf_mismatch', record_signatures: 'record_bad_signature' },
    ],
    [
      'another log’s checkpoint',
      (c) => ({ ...c, checkpoint: c.checkpoint.replaceAll('east.', 'west.') }),
      { checkpoint_signature: 'note_unknown_key' },
    ],
    ['another beginning', (c) => ({ ...c, begin: c.begin + 1 }), { range: 'proof_mismatch' }],
  ])('fail with %s', async (_, tamper, expected) => {
    const ledger = await openLedger(9);
    const content = tamper(await ledger.exportRange(0, 9));
    const verdict = await verifyExportText(JSON.stringify(content), ledger.trust);
    expect(outcomes(verdict)).toMatchObject(expected);
    expect(verdict.ok).toBe(false);
  });

  it('are not made of records that do not match their leaves', async () => {
    const ledger = await openLedger(3);
    ledger.openings.set(1, { record: 'a.b.c', salt: new Uint8Array(32) });
    await expect(ledger.exportRange(0, 3)).rejects.toMatchObject({ code: 'leaf_mismatch' });
    await expect(ledger.exportRange(0, 4)).rejects.toMatchObject({ code: 'leaf_not_integrated' });
  });

  it('are verified from the command line', async () => {
    const ledger = await openLedger(3);
    ledger.openings.delete(1);
    const files: Record<string, string> = {
      'audit.json': encodeEvidenceExport(await ledger.exportRange(0, 3)),
      'tsunagi-trust.json': encodeTrust(ledger.trust),
    };
    const lines: string[] = [];
    const code = await runCli(['verify', 'audit.json', '--lang', 'en'], {
      readFile: (file) => Promise.resolve(encodeUtf8(files[file] ?? '')),
      fetch,
      write: (line) => lines.push(line),
    });
    expect([code, lines[1], lines.at(-1)]).toEqual([
      EXIT_CODES.holds,
      '3 leaves, 0 of them entries of access logs, 1 forgotten',
      'This export is genuine.',
    ]);
  });

  it.each(['', '{"format":"tsunagi-evidence-export"}'])('are refused when they are none: %j', async (text) => {
    const verdict = await verifyExportText(text, { logKeys: [], exchangeKeys: {} });
    expect(outcomes(verdict)).toMatchObject({ export_format: 'export_malformed', range: 'not_checked' });
  });
});
