import { encodeBase64Url } from '../../../api/contract/encoding.ts';
import { signCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { commitRecord } from '../../../api/contract/evidence/commitment.ts';
import { cosignCheckpoint } from '../../../api/contract/evidence/cosignature.ts';
import { createInclusionProof, treeRoot, type NodeReader } from '../../../api/contract/evidence/merkle-proof.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { createReceipt } from '../../../api/contract/evidence/receipt.ts';
import { encodeTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import { encodeVerifierKey } from '../../../api/contract/evidence/verifier-key.ts';
import { createSigningJwk, importSigningKey } from '../../../api/contract/jose.ts';
import { signVisitRecord, type VisitRecord } from '../../../api/contract/visit-record.ts';

export const ORIGIN = 'east.example/evidence';
export const hash32 = encodeBase64Url(new Uint8Array(32));

export const VISIT: VisitRecord = {
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
export async function issueReceipt() {
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
  return { receipt: createReceipt(record, salt, proof), trust, exchange, logSigner: log };
}
