import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { encodeBase45, parseBase45 } from '../../../api/contract/evidence/base45.ts';
import { encodeCompactReceipt, parseCompactReceipt } from '../../../api/contract/evidence/compact-receipt.ts';
import { parseTlogProof, encodeTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { verifyReceiptText } from '../../../api/contract/evidence/verify-receipt.ts';
import { issueReceipt } from './receipt-fixture.ts';

const malformed: unknown = expect.objectContaining({ code: 'compact_malformed' });

describe('Base45', () => {
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
  ])('is that of RFC 9285 §4.3–4.4: %s', (plain, encoded) => {
    expect(encodeBase45(encodeUtf8(plain))).toBe(encoded);
    expect(parseBase45(encoded)).toEqual(encodeUtf8(plain));
  });

  it('keeps what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseBase45(encodeBase45(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'GGW', '::', 'ab', 'AB_', 'BB8A'])('refuses %j', (text) => {
    expect(() => parseBase45(text)).toThrow(malformed);
  });
});

describe('compact receipts', () => {
  it('keep the receipt, byte for byte, in the characters of QR’s alphanumeric mode', async () => {
    const { receipt, trust } = await issueReceipt();
    const text = await encodeCompactReceipt(receipt);
    expect(text).toMatch(/^TSUNAGI1:[0-9A-Z $%*+\-./:]+$/);
    expect(await parseCompactReceipt(text)).toEqual(receipt);
    expect((await verifyReceiptText(`${text}\n`, trust)).ok).toBe(true);
    expect((await verifyReceiptText('TSUNAGI1:', trust)).checks[0]).toMatchObject({ reason: 'compact_malformed' });
  });

  it('fit a QR code also for a log of a billion leaves', async () => {
    const { receipt } = await issueReceipt();
    const proof = parseTlogProof(receipt.proof);
    const hashes = Array.from({ length: 30 }, () => crypto.getRandomValues(new Uint8Array(32)));
    const text = await encodeCompactReceipt({ ...receipt, proof: encodeTlogProof({ ...proof, hashes }) });
    // Version 40 with error correction L takes 4,296 characters, version 32 takes 2,840.
    expect(text.length).toBeLessThan(2_840);
  });

  it('carry extra data of the proof along', async () => {
    const { receipt } = await issueReceipt();
    const proof = encodeTlogProof({ ...parseTlogProof(receipt.proof), extra: Uint8Array.of(1, 2) });
    expect(await parseCompactReceipt(await encodeCompactReceipt({ ...receipt, proof }))).toEqual({ ...receipt, proof });
  });

  it('refuse a record in another spelling of base64url', async () => {
    const { receipt } = await issueReceipt();
    const record = receipt.record.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));
    await expect(encodeCompactReceipt({ ...receipt, record })).rejects.toThrow(RangeError);
  });

  const pack = (bytes: Uint8Array) => `TSUNAGI1:${encodeBase45(deflateRawSync(bytes))}`;
  it.each([
    ['another prefix', 'HC1:BB8'],
    ['nothing inside', 'TSUNAGI1:'],
    ['no deflated data', 'TSUNAGI1:BB8BB8BB8'],
    ['parts cut off', pack(Uint8Array.of(1, 65, 1, 65))],
    ['a list longer than the data', pack(new Uint8Array([0, 0, 0, ...new Uint8Array(32), 0, 255, 255, 3]))],
    ['a number in a longer form', pack(Uint8Array.of(128, 0))],
    ['a bomb', pack(new Uint8Array(10_000_000))],
  ])('refuse %s', async (_, text) => {
    await expect(parseCompactReceipt(text)).rejects.toThrow(malformed);
  });

  it('refuse bytes left over', async () => {
    const { receipt } = await issueReceipt();
    const text = await encodeCompactReceipt(receipt);
    const { inflateRawSync } = await import('node:zlib');
    const inflated = inflateRawSync(parseBase45(text.slice('TSUNAGI1:'.length)));
    await expect(parseCompactReceipt(pack(Buffer.concat([inflated, Buffer.of(0)])))).rejects.toThrow(malformed);
  });
});
