import { describe, expect, it } from 'vitest';
import { digestBase64Url } from '../../../api/contract/encoding.ts';
import { createReceipt } from '../../../api/contract/evidence/receipt.ts';
import { findChainFaults, type ChainedRecord } from '../../../api/contract/evidence/record-chain.ts';
import {
  contradictsTimeline,
  findTimelineFaults,
  signTimelineHead,
  verifyTimelineHead,
  type TimelineHead,
} from '../../../api/contract/evidence/timeline.ts';
import { createSigningJwk, importSigningKey } from '../../../api/contract/jose.ts';
import { findAmong } from '../../../api/contract/keys-by-thumbprint.ts';
import { recordHash, signVisitRecord } from '../../../api/contract/visit-record.ts';
import { VISIT, issueReceipt } from './receipt-fixture.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 3, 1, 9, minute)).toISOString();

/** A person's visits in order, hashed by their number. */
function chain(count: number): ChainedRecord[] {
  return Array.from({ length: count }, (_, n) => ({
    hash: digestBase64Url(`record ${n}`),
    visit: {
      ...VISIT,
      previous: n === 0 ? null : digestBase64Url(`record ${n - 1}`),
      sequence: n + 1,
      notBefore: at(n),
      presentedAt: at(n),
      acceptedAt: at(n),
    },
  }));
}

const change = (record: ChainedRecord | undefined, visit: Partial<ChainedRecord['visit']>): ChainedRecord => {
  if (!record) return expect.fail('no such record');
  return { ...record, visit: { ...record.visit, ...visit } };
};
const kinds = (faults: readonly { readonly kind: string }[]) => faults.map(({ kind }) => kind);

describe('record chains', () => {
  it('hold in any order of arrival', () => {
    expect(findChainFaults(chain(5).reverse(), true)).toEqual([]);
  });

  it('take a visit that was handed over late: its window is wide, its place is that of acceptance', () => {
    const records = chain(3);
    records[2] = change(records[2], { presentedAt: at(0), notBefore: at(0), acceptedAt: at(50) });
    expect(findChainFaults(records, true)).toEqual([]);
  });

  it('name what is missing, and where', () => {
    const [first, second, third, fourth] = chain(4);
    const faults = findChainFaults([first!, second!, fourth!], true);
    expect(faults).toEqual([
      { kind: 'previous_missing', record: fourth?.hash, previous: third?.hash },
      { kind: 'sequence_gap', institution: VISIT.institution, from: 3, to: 3 },
    ]);
  });

  it('may begin in the middle when they are a part', () => {
    expect(findChainFaults(chain(5).slice(2), false)).toEqual([]);
    expect(kinds(findChainFaults(chain(5).slice(2), true))).toEqual(['previous_missing', 'sequence_gap']);
  });

  it.each([
    ['a fork', (r: ChainedRecord[]) => change(r[2], { previous: r[1]?.visit.previous ?? null }), 'previous_repeated'],
    ['reordering', (r: ChainedRecord[]) => change(r[2], { acceptedAt: at(0), notBefore: at(0) }), 'accepted_backwards'],
    ['a number used twice', (r: ChainedRecord[]) => change(r[2], { sequence: 2 }), 'sequence_repeated'],
    ['an empty window', (r: ChainedRecord[]) => change(r[2], { notBefore: at(59) }), 'window_empty'],
    ['a second beginning', (r: ChainedRecord[]) => change(r[2], { previous: null }), 'previous_repeated'],
  ])('show %s', (_, tamper, kind) => {
    const records = chain(3);
    records[2] = tamper(records);
    expect(kinds(findChainFaults(records, true))).toContain(kind);
  });
});

function headOver(records: readonly ChainedRecord[]): TimelineHead {
  return {
    version: 1,
    iss: VISIT.iss,
    subject: VISIT.subject,
    count: records.length,
    head: records.at(-1)?.hash ?? null,
    origin: 'east.example/evidence',
    size: 11,
    signedAt: at(30),
  };
}

describe('completeness of a timeline', () => {
  it('holds for all records up to the head, and for none', () => {
    expect(findTimelineFaults(headOver(chain(4)), chain(4))).toEqual([]);
    expect(findTimelineFaults(headOver([]), [])).toEqual([]);
  });

  it('fails when the newest, the oldest or a middle record is left out', () => {
    const head = headOver(chain(4));
    expect(kinds(findTimelineFaults(head, chain(3)))).toEqual(['count_differs', 'head_differs']);
    expect(kinds(findTimelineFaults(head, chain(4).slice(1)))).toEqual(['previous_missing', 'count_differs']);
    const middle = chain(4).filter((_, n) => n !== 1);
    expect(kinds(findTimelineFaults(head, middle))).toContain('previous_missing');
  });

  it('fails with somebody else’s record', () => {
    const records = chain(2);
    records[1] = change(records[1], { subject: digestBase64Url('somebody else') });
    expect(kinds(findTimelineFaults(headOver(records), records))).toContain('foreign_record');
  });

  it('is the exchange’s signed word', async () => {
    const key = await importSigningKey(await createSigningJwk());
    const stranger = await importSigningKey(await createSigningJwk());
    const head = headOver(chain(2));
    const jws = await signTimelineHead(head, key);
    expect(await verifyTimelineHead(jws, findAmong([key.publicJwk]))).toEqual(head);
    await expect(verifyTimelineHead(jws, findAmong([stranger.publicJwk]))).rejects.toMatchObject({
      code: 'jws_unknown_key',
    });
    const record = await signVisitRecord(VISIT, key);
    await expect(verifyTimelineHead(record, findAmong([key.publicJwk]))).rejects.toMatchObject({
      code: 'jws_wrong_type',
    });
  });

  it('is broken by one receipt that the exchange left out', async () => {
    const { receipt, exchange } = await issueReceipt();
    const findKey = findAmong([exchange.publicJwk]);
    const known = [{ hash: recordHash(receipt.record) }];
    const head = headOver([]);
    expect(await contradictsTimeline(head, [], receipt, findKey)).toBe(true);
    expect(await contradictsTimeline(head, known, receipt, findKey)).toBe(false);
    // Sequenced after the head was signed, or somebody else's: no contradiction.
    expect(await contradictsTimeline({ ...head, size: 5 }, [], receipt, findKey)).toBe(false);
    expect(await contradictsTimeline({ ...head, subject: digestBase64Url('other') }, [], receipt, findKey)).toBe(false);
    const forged = createReceipt(
      await signVisitRecord(VISIT, await importSigningKey(await createSigningJwk())),
      new Uint8Array(32),
      receipt.proof,
    );
    await expect(contradictsTimeline(head, [], forged, findKey)).rejects.toMatchObject({ code: 'jws_unknown_key' });
  });
});
