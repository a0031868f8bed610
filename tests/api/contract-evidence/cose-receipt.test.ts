import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseBase64Url } from '../../../api/contract/encoding.ts';
import {
  encodeCoseReceipt,
  encodeSigStructure,
  parseCoseReceipt,
  signCoseRoot,
  type CoseReceipt,
} from '../../../api/contract/evidence/cose-receipt.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { encodeNote } from '../../../api/contract/evidence/signed-note.ts';
import { parseTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { verifyCoseReceipt } from '../../../api/contract/evidence/verify-cose.ts';
import { verifyEvidenceFile } from '../../../api/contract/evidence/verify-file.ts';
import { ORIGIN, hash32, issueReceipt } from './receipt-fixture.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

/** The receipt of the fixture in COSE's form, its root signed by the log's key. */
async function issueCose() {
  const { receipt, trust, logSigner } = await issueReceipt();
  const { index, hashes, signedCheckpoint } = parseTlogProof(receipt.proof);
  const { size, root } = signedCheckpoint.checkpoint;
  const checkpoint = encodeNote(signedCheckpoint.note);
  const signed = await signCoseRoot(root, logSigner);
  const parts = {
    record: receipt.record,
    salt: parseBase64Url(receipt.salt),
    index,
    size,
    hashes,
    ...signed,
    checkpoint,
  };
  return { parts, trust, root };
}

const outcomes = (verdict: Awaited<ReturnType<typeof verifyCoseReceipt>>) =>
  Object.fromEntries(verdict.checks.map(({ code, outcome, reason }) => [code, reason ?? outcome]));

describe('COSE receipts', () => {
  it('are spelled as RFC 9942 §5.2 and RFC 9052 §4 spell them', async () => {
    // 18([h'{1: -8, 4: key id, 15: {1: "a"}, 395: 1}', {396: {-1: [h'[2, 1, [hash]]']}}, nil, signature])
    const key = 'd73c0e5a';
    const protectedHeader = hex(`a4 01 27 04 44 ${key} 0f a1 01 61 61 19018b 01`);
    const path = `83 02 01 81 5820 ${'11'.repeat(32)}`;
    const file = hex(
      `a3 64 73616c74 5820 ${'22'.repeat(32)}
       66 7265636f7264 65 612e622e63
       67 72656365697074 d2 84 52 ${Buffer.from(protectedHeader).toString('hex')}
         a1 19018c a1 20 81 5826 ${path} f6 5840 ${'33'.repeat(64)}`,
    );
    const parsed = parseCoseReceipt(file);
    expect(parsed).toEqual({
      ...{
        record: 'a.b.c',
        salt: hex('22'.repeat(32)),
        origin: 'a',
        size: 2,
        index: 1,
        hashes: [hex('11'.repeat(32))],
      },
      ...{ protectedHeader, signature: hex('33'.repeat(64)) },
    });
    expect(Buffer.from(encodeCoseReceipt(parsed)).toString('hex')).toBe(Buffer.from(file).toString('hex'));
    const signer = await importNoteSigner('a', await createNoteSigningJwk());
    const signed = await signCoseRoot(hex('44'.repeat(32)), signer);
    const keyId = Buffer.from(signer.verifier.keyId).toString('hex');
    expect(Buffer.from(signed.protectedHeader).toString('hex')).toBe(`a401270444${keyId}0fa101616119018b01`);
  });

  it('sign what RFC 9052 §4.4 says, as any Ed25519 implementation does', async () => {
    const jwk = await createNoteSigningJwk();
    const root = hex('44'.repeat(32));
    const { protectedHeader, signature } = await signCoseRoot(root, await importNoteSigner('a', jwk));
    const header = Buffer.from(protectedHeader).toString('hex');
    const message = hex(`84 6a 5369676e617475726531 52 ${header} 40 5820 ${'44'.repeat(32)}`);
    expect(encodeSigStructure(protectedHeader, root)).toEqual(message);
    const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    expect(Buffer.from(signature)).toEqual(sign(null, message, key));
    expect(verify(null, message, createPublicKey(key), signature)).toBe(true);
  });

  it('hold by the same questions as the other form, whichever file it is', async () => {
    const { parts, trust } = await issueCose();
    const bytes = encodeCoseReceipt(parts);
    const { kind, verdict } = await verifyEvidenceFile(bytes, trust);
    expect([kind, verdict.ok, verdict.checks.map(({ outcome }) => outcome)]).toEqual([
      'receipt',
      true,
      ['passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'not_required'],
    ]);
    expect(parseCoseReceipt(bytes)).toEqual({ ...parts, origin: ORIGIN });
  });

  it('hold without a checkpoint where nobody asks for witnesses', async () => {
    const { parts, trust } = await issueCose();
    const { checkpoint: _, ...bare } = parts;
    const { logKeys, exchangeKeys } = trust;
    expect((await verifyCoseReceipt(encodeCoseReceipt(bare), { logKeys, exchangeKeys })).ok).toBe(true);
    expect(outcomes(await verifyCoseReceipt(encodeCoseReceipt(bare), trust))).toMatchObject({
      checkpoint_signature: 'passed',
      witnesses: 'witnesses_missing',
    });
  });

  it.each<[string, (parts: Omit<CoseReceipt, 'origin'>) => Omit<CoseReceipt, 'origin'>, Record<string, string>]>([
    ['another salt', (p) => ({ ...p, salt: parseBase64Url(hash32) }), { inclusion: 'proof_mismatch' }],
    ['another index', (p) => ({ ...p, index: 4 }), { inclusion: 'proof_mismatch' }],
    ['a longer path', (p) => ({ ...p, hashes: [...p.hashes, p.salt] }), { inclusion: 'proof_mismatch' }],
    [
      'another signature',
      (p) => ({ ...p, signature: p.signature.toReversed() }),
      {
        checkpoint_signature: 'note_bad_signature',
      },
    ],
    [
      'a checkpoint of another tree',
      (p) => ({ ...p, checkpoint: p.checkpoint?.replace('\n11\n', '\n12\n') ?? '' }),
      {
        inclusion: 'proof_mismatch',
      },
    ],
    [
      'a witness fewer',
      (p) => ({ ...p, checkpoint: p.checkpoint?.replace(/\u2014 w2.*\n/, '') ?? '' }),
      {
        witnesses: 'witnesses_missing',
      },
    ],
  ])('fail with %s', async (_, change, expected) => {
    const { parts, trust } = await issueCose();
    const verdict = await verifyCoseReceipt(encodeCoseReceipt(change(parts)), trust);
    expect(outcomes(verdict)).toMatchObject(expected);
    expect(verdict.ok).toBe(false);
  });

  it('fail under the key of another log', async () => {
    const { parts, trust } = await issueCose();
    const stranger = await importNoteSigner('west.example/evidence', await createNoteSigningJwk());
    const { checkpoint: _, ...bare } = { ...parts, ...(await signCoseRoot(new Uint8Array(32), stranger)) };
    expect(outcomes(await verifyCoseReceipt(encodeCoseReceipt(bare), trust))).toMatchObject({
      checkpoint_signature: 'note_unknown_key',
    });
  });

  it.each(['a3', 'a3010203', 'a0', 'ff', 'a363', 'a3617301617202617403'])(
    'are refused when they are none: %s',
    async (bytes) => {
      const verdict = await verifyCoseReceipt(hex(bytes), { logKeys: [], exchangeKeys: {} });
      expect(outcomes(verdict)).toMatchObject({ receipt_format: 'cose_malformed', inclusion: 'not_checked' });
    },
  );

  it('are refused in another algorithm or over another kind of tree', async () => {
    const { parts } = await issueCose();
    for (const header of [
      'a4 0126 0441aa 0fa1016161 19018b01',
      'a4 0127 0441aa 0fa1016161 19018b02',
      'a3 0127 0441aa 19018b01',
    ]) {
      const bytes = encodeCoseReceipt({ ...parts, protectedHeader: hex(header) });
      expect(() => parseCoseReceipt(bytes)).toThrow(expect.objectContaining({ code: 'cose_malformed' }));
    }
  });
});
