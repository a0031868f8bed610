import { describe, expect, it } from 'vitest';
import { encodeBase64Url } from '../../../api/contract/encoding.ts';
import { signCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { commitRecord } from '../../../api/contract/evidence/commitment.ts';
import { cosignCheckpoint } from '../../../api/contract/evidence/cosignature.ts';
import { createInclusionProof, treeRoot, type NodeReader } from '../../../api/contract/evidence/merkle-proof.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { createReceipt, encodeReceipt, parseReceipt, type Receipt } from '../../../api/contract/evidence/receipt.ts';
import { encodeTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import { encodeVerifierKey } from '../../../api/contract/evidence/verifier-key.ts';
import { RECEIPT_CHECKS, verifyReceipt, verifyReceiptText } from '../../../api/contract/evidence/verify-receipt.ts';
import { createSigningJwk, importSigningKey, signClaims } from '../../../api/contract/jose.ts';
import { signVisitRecord, type VisitRecord } from '../../../api/contract/visit-record.ts';

const ORIGIN = 'east.example/evidence';
const hash32 = encodeBase64Url(new Uint8Array(32));

const VISIT: VisitRecord = {
  version: 1,
  id: '01960000-0000-7000-8000-000000000001',
  iss: 'east',
  subject: hash32,
  institution: 'sakura/1310000012',
  presentedAt: '2026-04-01T00:00:00.000Z',
  notBefore: '2026-04-01T00:00:00.000Z',
  acceptedAt: '2026-04-01T00:00:01.000Z',
  proofMethod: 'mynumber-tap',
  simulated: true,
  freshness: { kind: 'challenge', challenge: hash32 },
  presenceHash: hash32,
  coverage: { status: 'valid', checkedAt: '2026-04-01T00:00:00.500Z', answerHash: hash32, simulated: true },
  previous: null,
  sequence: 1,
};

/** A receipt for leaf 5 of 11, cosigned by two witnesses, and the trust that believes it. */
async function issueReceipt() {
  const exchange = await importSigningKey(await createSigningJwk());
  const log = await importNoteSigner(ORIGIN, await createNoteSigningJwk());
  const witnesses = await Promise.all(
    ['w1.example', 'w2.example'].map(async (name) =>
      importNoteSigner(name, await createNoteSigningJwk(), 'cosignature'),
    ),
  );
  const record = await signVisitRecord(VISIT, exchange);
  const salt = new Uint8Array(32).fill(7);
  const leaves = Array.from({ length: 11 }, (_, at) => Uint8Array.of(at));
  leaves[5] = commitRecord(record, salt);
  const readNode: NodeReader = (level, index) =>
    level === 0
      ? hashLeaf(leaves[index] ?? new Uint8Array())
      : hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));
  const checkpoint = { origin: ORIGIN, size: 11, root: treeRoot(11, readNode), extensions: [] };
  const signed = await signCheckpoint(checkpoint, log);
  const cosignatures = await Promise.all(
    witnesses.map((witness, at) => cosignCheckpoint(signed.text, 1_775_000_000 + at, witness)),
  );
  const note = { ...signed, signatures: [...signed.signatures, ...cosignatures] };
  const hashes = createInclusionProof(5, 11, readNode);
  const proof = encodeTlogProof({ index: 5, hashes, signedCheckpoint: { checkpoint, note } });
  const trust = {
    logKeys: [encodeVerifierKey(log.verifier)],
    exchangeKeys: { [exchange.kid]: exchange.publicJwk },
    witnessKeys: witnesses.map(({ verifier }) => encodeVerifierKey(verifier)),
    policy: { threshold: 2 },
  };
  return { receipt: createReceipt(record, salt, proof), trust, exchange };
}

const outcomes = (verdict: Awaited<ReturnType<typeof verifyReceipt>>) =>
  Object.fromEntries(verdict.checks.map(({ code, outcome, reason }) => [code, reason ?? outcome]));
const allPassed = Object.fromEntries(RECEIPT_CHECKS.map((code) => [code, 'passed']));

describe('receipts', () => {
  it('hold with the pinned keys alone, and say what they are about', async () => {
    const { receipt, trust } = await issueReceipt();
    const verdict = await verifyReceipt(receipt, trust);
    expect(outcomes(verdict)).toEqual(allPassed);
    expect(verdict.ok).toBe(true);
    expect(verdict.visit).toMatchObject({ institution: 'sakura/1310000012', sequence: 1 });
    expect(verdict.checks.at(-1)?.facts).toMatchObject({ threshold: 2, cosigned: 2, time: 1_775_000_000 });
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
