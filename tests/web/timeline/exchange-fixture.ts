import { encodeBase64Url } from '#api/contract/encoding.ts';
import { signCheckpoint } from '#api/contract/evidence/checkpoint.ts';
import { commitRecord } from '#api/contract/evidence/commitment.ts';
import { createInclusionProof, treeRoot, type NodeReader } from '#api/contract/evidence/merkle-proof.ts';
import { createNoteSigningJwk, importNoteSigner } from '#api/contract/evidence/note-signer.ts';
import { createReceipt, type Receipt } from '#api/contract/evidence/receipt.ts';
import { encodeNote } from '#api/contract/evidence/signed-note.ts';
import { signTimelineHead } from '#api/contract/evidence/timeline.ts';
import { encodeTlogProof, parseTlogProof } from '#api/contract/evidence/tlog-proof.ts';
import type { ReceiptTrust } from '#api/contract/evidence/trust.ts';
import { hashLeaf, hashNode } from '#api/contract/evidence/tree-hash.ts';
import { encodeVerifierKey } from '#api/contract/evidence/verifier-key.ts';
import { createSigningJwk, importSigningKey, type SigningKey } from '#api/contract/jose.ts';
import { recordHash, signVisitRecord, type VisitRecord } from '#api/contract/visit-record.ts';

export const SUBJECT = encodeBase64Url(new Uint8Array(32).fill(1));
const hash32 = encodeBase64Url(new Uint8Array(32));

export interface TestExchange {
  readonly id: string;
  readonly key: SigningKey;
  readonly trust: ReceiptTrust;
  /** Receipts of a person's visits in their order, chained and in one log. */
  issue(visits: readonly Partial<VisitRecord>[]): Promise<readonly Receipt[]>;
  /** What it answers with these receipts: its word that they are all, and the checkpoint. */
  vouch(receipts: readonly Receipt[]): Promise<{ readonly timeline: string; readonly checkpoint: string }>;
}

/** An exchange that records visits and proves them, in memory. */
export async function createTestExchange(id: string): Promise<TestExchange> {
  const key = await importSigningKey(await createSigningJwk());
  const log = await importNoteSigner(`${id}.example/evidence`, await createNoteSigningJwk());
  return {
    id,
    key,
    trust: { logKeys: [encodeVerifierKey(log.verifier)], exchangeKeys: { [key.kid]: key.publicJwk } },
    async issue(visits) {
      const records: string[] = [];
      for (const [index, visit] of visits.entries()) {
        const last = records.at(-1);
        records.push(await signVisitRecord(createVisit(id, index, last && recordHash(last), visit), key));
      }
      const salts = records.map((_, index) => new Uint8Array(32).fill(index + 1));
      const leaves = records.map((record, index) => hashLeaf(commitRecord(record, salts[index] ?? new Uint8Array(32))));
      const readNode: NodeReader = (level, index) =>
        level === 0
          ? (leaves[index] ?? new Uint8Array(32))
          : hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));
      const size = records.length;
      const checkpoint = { origin: `${id}.example/evidence`, size, root: treeRoot(size, readNode), extensions: [] };
      const note = await signCheckpoint(checkpoint, log);
      return records.map((record, index) => {
        const hashes = createInclusionProof(index, size, readNode);
        const proof = encodeTlogProof({ index, hashes, signedCheckpoint: { checkpoint, note } });
        return createReceipt(record, salts[index] ?? new Uint8Array(32), proof);
      });
    },
    async vouch(receipts) {
      const newest = receipts.at(-1);
      const { checkpoint, note } = parseTlogProof(newest?.proof ?? '').signedCheckpoint;
      const { origin, size } = checkpoint;
      const head = newest ? recordHash(newest.record) : null;
      const said = { version: 1, iss: id, subject: SUBJECT, count: receipts.length, head, origin, size } as const;
      const timeline = await signTimelineHead({ ...said, signedAt: '2026-06-01T00:00:00.000Z' }, key);
      return { timeline, checkpoint: encodeNote(note) };
    },
  };
}

function createVisit(
  iss: string,
  index: number,
  previous: string | undefined,
  visit: Partial<VisitRecord>,
): VisitRecord {
  const at = `2026-0${index + 1}-10T01:00:00.000Z`;
  return {
    version: 1,
    id: `01960000-0000-7000-8000-${String(index + 1).padStart(12, '0')}`,
    iss,
    subject: SUBJECT,
    institution: 'sakura/1310000012',
    presentedAt: at,
    notBefore: at,
    acceptedAt: at,
    proofMethod: 'mynumber-tap',
    simulated: true,
    freshness: { kind: 'challenge', challenge: hash32 },
    presenceHash: hash32,
    coverage: { status: 'valid', checkedAt: at, answerHash: hash32, simulated: true },
    previous: previous ?? null,
    sequence: index + 1,
    ...visit,
  };
}
