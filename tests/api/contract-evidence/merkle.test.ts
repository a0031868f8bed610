import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBase64 } from '../../../api/contract/encoding.ts';
import {
  createConsistencyProof,
  createInclusionProof,
  treeRoot,
  type NodeReader,
} from '../../../api/contract/evidence/merkle-proof.ts';
import { verifyConsistency, verifyInclusion } from '../../../api/contract/evidence/merkle-verify.ts';
import { EMPTY_ROOT, hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import { vectorPath } from '../../vectors.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

/** The eight leaves of the Certificate Transparency reference tests. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  fromHex,
);

const readerOver =
  (leaves: readonly Uint8Array[]): NodeReader =>
  (level, index) => {
    const readNode = readerOver(leaves);
    if (level > 0) return hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));
    return hashLeaf(leaves[index] ?? expect.fail('a node beyond the tree was read'));
  };

/** RFC 6962 §2.1 as it is written, to compare with. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (!first) return EMPTY_ROOT;
  if (leaves.length === 1) return hashLeaf(first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(mth(leaves.slice(0, split)), mth(leaves.slice(split)));
}

const leavesUpTo = (max: number) =>
  fc.integer({ min: 1, max }).map((count) => Array.from({ length: count }, (_, at) => Uint8Array.of(at >> 8, at)));

describe('tree hashes', () => {
  it('are those of the Certificate Transparency reference tests', () => {
    expect(hex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(hashLeaf(new Uint8Array()))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hex(treeRoot(8, readerOver(LEAVES)))).toBe(
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    );
  });

  it('follow the definition at every size', () => {
    fc.assert(
      fc.property(leavesUpTo(70), (leaves) => {
        expect(treeRoot(leaves.length, readerOver(leaves))).toEqual(mth(leaves));
      }),
    );
  });
});

describe('inclusion proofs', () => {
  it('hold for every leaf of every small tree, and for no other leaf', () => {
    for (let size = 1; size <= 33; size += 1) {
      const leaves = Array.from({ length: size }, (_, at) => Uint8Array.of(at));
      const readNode = readerOver(leaves);
      const root = treeRoot(size, readNode);
      leaves.forEach((leaf, index) => {
        const proof = createInclusionProof(index, size, readNode);
        const claim = { index, size, leafHash: hashLeaf(leaf), root, proof };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, index: (index + 1) % (size + 1) })).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: hashLeaf(Uint8Array.of(at(index), 1)) })).toBe(false);
      });
    }
  });

  it('hold at positions beyond 32 bits', () => {
    const zero = new Uint8Array(32);
    const size = 2 ** 49 + 1;
    const proof = createInclusionProof(2 ** 49, size, () => zero);
    expect(proof).toHaveLength(1);
    const leafHash = hashLeaf(zero);
    expect(verifyInclusion({ index: 2 ** 49, size, leafHash, root: hashNode(zero, leafHash), proof })).toBe(true);
    expect(createInclusionProof(0, size, () => zero)).toHaveLength(50);
  });

  it('exist only for leaves of the tree', () => {
    expect(() => createInclusionProof(1, 1, () => EMPTY_ROOT)).toThrow(RangeError);
  });
});

const at = (index: number) => index & 0xff;

describe('consistency proofs', () => {
  it('hold between every two sizes of a log, and not for another past', () => {
    const leaves = Array.from({ length: 33 }, (_, index) => Uint8Array.of(index));
    const other = leaves.map((leaf, index) => (index === 0 ? Uint8Array.of(99) : leaf));
    for (let size = 1; size <= leaves.length; size += 1) {
      const root = treeRoot(size, readerOver(leaves));
      for (let oldSize = 0; oldSize <= size; oldSize += 1) {
        const proof = createConsistencyProof(oldSize, size, readerOver(leaves));
        const claim = { oldSize, oldRoot: treeRoot(oldSize, readerOver(leaves)), size, root, proof };
        expect(verifyConsistency(claim)).toBe(true);
        if (oldSize === 0) continue;
        expect(verifyConsistency({ ...claim, oldRoot: treeRoot(oldSize, readerOver(other)) })).toBe(false);
        expect(verifyConsistency({ ...claim, oldSize: size, size: oldSize })).toBe(oldSize === size);
      }
    }
  });
});

interface Probe {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly leafIdx?: number;
  readonly treeSize?: number;
  readonly size1?: number;
  readonly size2?: number;
  readonly root?: string | null;
  readonly root1?: string | null;
  readonly root2?: string | null;
  readonly leafHash?: string | null;
}

const bytes = (text: string | null | undefined) => parseBase64(text ?? '');
const folder = vectorPath('merkle');
const probes = (kind: string) =>
  readdirSync(join(folder ?? '', kind), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(folder ?? '', kind, name), 'utf8')) as Probe] as const);

describe.skipIf(!folder)('independent probes (skipped where vectors/merkle is absent)', () => {
  it('inclusion: every verdict is the expected one', () => {
    const cases = probes('inclusion');
    expect(cases.length).toBeGreaterThan(0);
    for (const [name, { leafIdx = 0, treeSize = 0, leafHash, root, proof, wantErr }] of cases) {
      const claim = { index: leafIdx, size: treeSize, leafHash: bytes(leafHash), root: bytes(root) };
      expect([name, verifyInclusion({ ...claim, proof: (proof ?? []).map(bytes) })]).toEqual([name, !wantErr]);
    }
  });

  it('consistency: every verdict is the expected one', () => {
    const cases = probes('consistency');
    expect(cases.length).toBeGreaterThan(0);
    for (const [name, { size1 = 0, size2 = 0, root1, root2, proof, wantErr }] of cases) {
      const claim = { oldSize: size1, oldRoot: bytes(root1), size: size2, root: bytes(root2) };
      expect([name, verifyConsistency({ ...claim, proof: (proof ?? []).map(bytes) })]).toEqual([name, !wantErr]);
    }
  });
});
