import { describe, expect, it } from 'vitest';
import { encodeReceipt, parseReceipt, type Receipt } from '../../../api/contract/evidence/receipt.ts';
import { RECEIPT_CHECKS, verifyReceipt, verifyReceiptText } from '../../../api/contract/evidence/verify-receipt.ts';
import { signClaims } from '../../../api/contract/jose.ts';
import { ORIGIN, VISIT, hash32, issueReceipt } from './receipt-fixture.ts';

const outcomes = (verdict: Awaited<ReturnType<typeof verifyReceipt>>) =>
  Object.fromEntries(verdict.checks.map(({ code, outcome, reason }) => [code, reason ?? outcome]));
const allPassed = {
  ...Object.fromEntries(RECEIPT_CHECKS.map((code) => [code, 'passed'])),
  // Nobody pinned an authority: tokens have a test of their own.
  timestamp: 'not_required',
};

describe('receipts', () => {
  it('hold with the pinned keys alone, and say what they are about', async () => {
    const { receipt, trust } = await issueReceipt();
    const verdict = await verifyReceipt(receipt, trust);
    expect(outcomes(verdict)).toEqual(allPassed);
    expect(verdict.ok).toBe(true);
    expect(verdict.visit).toMatchObject({ institution: 'sakura/1310000012', sequence: 1 });
    expect(verdict.checks.at(-2)?.facts).toMatchObject({ threshold: 2, cosigned: 2, time: 1_775_000_000 });
  });

  it('keep their bytes as a file', async () => {
    const { receipt, trust } = await issueReceipt();
    const text = encodeReceipt(receipt);
    expect(encodeReceipt(parseReceipt(text))).toBe(text);
    expect((await verifyReceiptText(text, trust)).ok).toBe(true);
  });

  it('ask for no witnesses when the policy asks for none', async () => {
    const { receipt, trust } = await issueReceipt();
    const verdict = await verifyReceipt(receipt, { logKeys: trust.logKeys, exchangeKeys: trust.exchangeKeys });
    expect(outcomes(verdict)).toEqual({ ...allPassed, witnesses: 'not_required' });
    expect(verdict.ok).toBe(true);
  });

  const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  it.each<[string, (receipt: Receipt) => Receipt, Record<string, string>]>([
    ['another salt', (r) => ({ ...r, salt: hash32 }), { inclusion: 'proof_mismatch' }],
    [
      'a changed record',
      (r) => ({ ...r, record: flip(r.record, r.record.indexOf('.') + 40) }),
      { record_signature: 'record_bad_signature', inclusion: 'proof_mismatch' },
    ],
    ['another index', (r) => ({ ...r, proof: r.proof.replace('index 5', 'index 4') }), { inclusion: 'proof_mismatch' }],
    [
      'another tree size',
      (r) => ({ ...r, proof: r.proof.replace('\n11\n', '\n12\n') }),
      { inclusion: 'passed', checkpoint_signature: 'note_bad_signature', witnesses: 'witnesses_missing' },
    ],
    [
      'a stranger’s log',
      (r) => ({ ...r, proof: r.proof.replace(`\n${ORIGIN}\n`, '\nwest.example/evidence\n') }),
      { checkpoint_signature: 'note_unknown_key', witnesses: 'witnesses_missing' },
    ],
    [
      'one witness fewer',
      (r) => ({ ...r, proof: r.proof.replace(/— w2.*\n/, '') }),
      { witnesses: 'witnesses_missing' },
    ],
    [
      'no proof',
      (r) => ({ ...r, proof: '' }),
      {
        proof_format: 'proof_malformed',
        inclusion: 'not_checked',
        checkpoint_signature: 'not_checked',
        witnesses: 'not_checked',
        timestamp: 'not_checked',
      },
    ],
  ])('fail with %s, and say which check', async (_, change, expected) => {
    const { receipt, trust } = await issueReceipt();
    const verdict = await verifyReceipt(change(receipt), trust);
    expect(outcomes(verdict)).toEqual({ ...allPassed, ...expected });
    expect(verdict.ok).toBe(false);
  });

  it('fail when nobody pinned the exchange, and then show no record', async () => {
    const { receipt, trust } = await issueReceipt();
    const verdict = await verifyReceipt(receipt, { ...trust, exchangeKeys: {} });
    expect(outcomes(verdict)).toEqual({ ...allPassed, record_signature: 'record_unknown_key' });
    expect(verdict.visit).toBeUndefined();
  });

  it('are about visit records and nothing else the exchange signs', async () => {
    const { receipt, trust, exchange } = await issueReceipt();
    const record = await signClaims('directory+jwt', VISIT, exchange);
    const verdict = await verifyReceipt({ ...receipt, record }, trust);
    expect(outcomes(verdict)).toMatchObject({ record_signature: 'record_bad_signature' });
  });

  it.each(['', '{}', '{"version":2}', 'no json'])('are refused when they are not receipts: %j', async (text) => {
    const { trust } = await issueReceipt();
    const verdict = await verifyReceiptText(text, trust);
    expect(outcomes(verdict)).toMatchObject({ receipt_format: 'receipt_malformed', inclusion: 'not_checked' });
    expect(verdict.ok).toBe(false);
  });
});
