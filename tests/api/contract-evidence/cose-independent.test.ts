import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { decode, encode, Tag } from 'cbor2';
import { expect, it } from 'vitest';
import { parseBase64Url } from '../../../api/contract/encoding.ts';
import { encodeCoseReceipt, signCoseRoot } from '../../../api/contract/evidence/cose-receipt.ts';
import { parseTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { ORIGIN, issueReceipt } from './receipt-fixture.ts';

const sha256 = (...parts: readonly Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** RFC 9162 §2.1.3.2, step by step as it is written there: the root that an inclusion proof leads to. */
function rootFrom(leafIndex: number, treeSize: number, path: readonly Uint8Array[], leafHash: Uint8Array): Uint8Array {
  let [fn, sn] = [leafIndex, treeSize - 1];
  let r = leafHash;
  for (const p of path) {
    if (sn === 0) throw new RangeError('the path is too long');
    if (fn % 2 === 1 || fn === sn) {
      r = sha256(Uint8Array.of(1), p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >>> 1, sn >>> 1];
    } else r = sha256(Uint8Array.of(1), r, p);
    [fn, sn] = [fn >>> 1, sn >>> 1];
  }
  if (sn !== 0) throw new RangeError('the path is too short');
  return r;
}

/**
 * A verifier of a COSE receipt written from RFC 9052 §4.4, RFC 9942 §5.2 and RFC 9162 alone, with a CBOR library and Node's
 * own Ed25519: nothing of ours takes part.
 */
function verifyIndependently(file: Uint8Array, publicKey: JsonWebKey): boolean {
  const { record, salt, receipt } = decode<{ record: string; salt: Uint8Array; receipt: Tag }>(file);
  expect(Number(receipt.tag)).toBe(18);
  const [protectedHeader, unprotected, payload, signature] = receipt.contents as [
    Uint8Array,
    Map<number, Map<number, Uint8Array[]>>,
    null,
    Uint8Array,
  ];
  const header = decode<Map<number, unknown>>(protectedHeader);
  // alg EdDSA, vds RFC9162_SHA256, and a payload that the verifier computes.
  expect([header.get(1), header.get(395), payload]).toEqual([-8, 1, null]);
  const [proof] = unprotected.get(396)?.get(-1) ?? [];
  const [treeSize, leafIndex, path] = decode<[number, number, Uint8Array[]]>(proof!);

  const commitment = sha256(salt, sha256(new TextEncoder().encode(record)));
  const root = rootFrom(leafIndex, treeSize, path, sha256(Uint8Array.of(0), commitment));
  const signed = encode(['Signature1', protectedHeader, new Uint8Array(), new Uint8Array(root)], { cde: true });
  return verify(null, signed, createPublicKey({ key: publicKey, format: 'jwk' }), signature);
}

async function issue(change: (hashes: readonly Uint8Array[]) => readonly Uint8Array[] = (hashes) => hashes) {
  const { receipt } = await issueReceipt();
  const { index, hashes, signedCheckpoint } = parseTlogProof(receipt.proof);
  const { size, root } = signedCheckpoint.checkpoint;
  const jwk = await createNoteSigningJwk();
  const signed = await signCoseRoot(root, await importNoteSigner(ORIGIN, jwk));
  const salt = parseBase64Url(receipt.salt);
  const file = encodeCoseReceipt({ record: receipt.record, salt, index, size, hashes: change(hashes), ...signed });
  const { d: _secret, ...publicKey } = { ...jwk } as JsonWebKey;
  return { file, publicKey };
}

it('a receipt of ours holds for whoever follows the standards and knows nothing of us', async () => {
  const { file, publicKey } = await issue();
  expect(verifyIndependently(file, publicKey)).toBe(true);
});

it('and does not with a hash of the path changed, or under another key', async () => {
  const { file, publicKey } = await issue(([first = new Uint8Array(32), ...rest]) => [
    first.map((byte) => byte ^ 1),
    ...rest,
  ]);
  expect(verifyIndependently(file, publicKey)).toBe(false);
  const other = await issue();
  expect(verifyIndependently(other.file, publicKey)).toBe(false);
});
