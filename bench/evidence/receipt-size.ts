import encodeQR from 'qr';
import { signCheckpoint } from '../../api/contract/evidence/checkpoint.ts';
import { commitRecord } from '../../api/contract/evidence/commitment.ts';
import { encodeCompactReceipt } from '../../api/contract/evidence/compact-receipt.ts';
import { encodeCoseReceipt, signCoseRoot } from '../../api/contract/evidence/cose-receipt.ts';
import { cosignCheckpoint } from '../../api/contract/evidence/cosignature.ts';
import { inclusionRanges, hashRange, treeRoot, type NodeReader } from '../../api/contract/evidence/merkle-proof.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../api/contract/evidence/note-signer.ts';
import { createReceipt, encodeReceipt, type Receipt } from '../../api/contract/evidence/receipt.ts';
import { encodeNote } from '../../api/contract/evidence/signed-note.ts';
import { encodeTlogProof } from '../../api/contract/evidence/tlog-proof.ts';
import { hashLeaf, hashNode } from '../../api/contract/evidence/tree-hash.ts';
import { encodeVerifierKey } from '../../api/contract/evidence/verifier-key.ts';
import type { ReceiptTrust } from '../../api/contract/evidence/trust.ts';
import { verifyReceipt } from '../../api/contract/evidence/verify-receipt.ts';
import { runAlone } from './latency.ts';

export interface ReceiptSize {
  readonly leaves: number;
  readonly witnesses: number;
  readonly fileBytes: number;
  readonly qrCharacters: number;
  /** 4 × version + 17 modules a side, with error correction L. */
  readonly qrVersion: number;
  readonly coseBytes: number;
  readonly verificationsPerSecond: number;
}

/**
 * The receipt of the first leaf of a log that large, whose path is the longest. All other leaves are alike, so that the tree can be hashed
 * without holding it.
 */
export async function issueLargeReceipt(
  leaves: number,
  witnesses: number,
  record: string,
  exchangeKeys: ReceiptTrust['exchangeKeys'],
): Promise<{ readonly receipt: Receipt; readonly trust: ReceiptTrust; readonly coseBytes: Uint8Array }> {
  const origin = 'exchange.east.example/evidence';
  const log = await importNoteSigner(origin, await createNoteSigningJwk());
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const index = 0;
  const own = hashLeaf(commitRecord(record, salt));
  const readNode = createNodeReader(index, own);
  const checkpoint = { origin, size: leaves, root: treeRoot(leaves, readNode), extensions: [] };
  const signed = await signCheckpoint(checkpoint, log);
  const signers = await Promise.all(
    Array.from({ length: witnesses }, async (_, n) =>
      importNoteSigner(`gateway.network-${n}.example`, await createNoteSigningJwk(), 'cosignature'),
    ),
  );
  const cosignatures = await Promise.all(signers.map((signer) => cosignCheckpoint(signed.text, 1_775_000_000, signer)));
  const note = { text: signed.text, signatures: [...signed.signatures, ...cosignatures] };
  const hashes = inclusionRanges(index, leaves).map((range) => hashRange(range, readNode));
  const receipt = createReceipt(
    record,
    salt,
    encodeTlogProof({ index, hashes, signedCheckpoint: { checkpoint, note } }),
  );
  const trust: ReceiptTrust = {
    logKeys: [encodeVerifierKey(log.verifier)],
    exchangeKeys,
    witnessKeys: signers.map(({ verifier }) => encodeVerifierKey(verifier)),
    policy: { threshold: witnesses },
  };
  const { ok, checks } = await verifyReceipt(receipt, trust);
  if (!ok) throw new TypeError(`the receipt does not hold: ${checks.find((check) => !check.ok)?.code}`);
  const parts = { record, salt, index, size: leaves, hashes, checkpoint: encodeNote(note) };
  return { receipt, trust, coseBytes: encodeCoseReceipt({ ...parts, ...(await signCoseRoot(checkpoint.root, log)) }) };
}

/** Sizes of such a receipt, and how fast it is verified here. */
export async function measureReceipt(...of: Parameters<typeof issueLargeReceipt>): Promise<ReceiptSize> {
  const [leaves, witnesses] = of;
  const { receipt, trust, coseBytes } = await issueLargeReceipt(...of);
  const qrText = await encodeCompactReceipt(receipt);
  const qrCharacters = qrText.length;
  return {
    leaves,
    witnesses,
    fileBytes: encodeReceipt(receipt).length,
    qrCharacters,
    qrVersion: (encodeQR(qrText, 'raw', { ecc: 'low', border: 1 }).length - 2 - 17) / 4,
    coseBytes: coseBytes.length,
    verificationsPerSecond: await runAlone(500, () => verifyReceipt(receipt, trust)),
  };
}

/** Nodes of a tree whose leaves are all different from each other only where the own leaf is. */
function createNodeReader(index: number, own: Uint8Array): NodeReader {
  const filler: Uint8Array[] = [];
  const fillerAt = (level: number): Uint8Array => (filler[level] ??= crypto.getRandomValues(new Uint8Array(32)));
  const readNode: NodeReader = (level, at) => {
    const isOwn = Math.floor(index / 2 ** level) === at;
    if (!isOwn) return fillerAt(level);
    return level === 0 ? own : hashNode(readNode(level - 1, 2 * at), readNode(level - 1, 2 * at + 1));
  };
  return readNode;
}
