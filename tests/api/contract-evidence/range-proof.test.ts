import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRange, treeRoot, type NodeReader } from '../../../api/contract/evidence/merkle-proof.ts';
import { rangeProofRanges, verifyRange } from '../../../api/contract/evidence/range-proof.ts';
import { hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';

const leaf = (index: number) => hashLeaf(Uint8Array.of(index));
const readNode: NodeReader = (level, index) =>
  level === 0 ? leaf(index) : hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));

function claimOf(begin: number, end: number, size: number) {
  const proof = rangeProofRanges({ begin, end }, size).map((range) => hashRange(range, readNode));
  const leafHashes = Array.from({ length: end - begin }, (_, at) => leaf(begin + at));
  return { begin, leafHashes, size, root: treeRoot(size, readNode), proof };
}

const ranges = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.nat())
  .map(([size, a, b]) => [size, Math.min(a % size, b % size), Math.max(a % size, b % size) + 1] as const);

describe('range proofs', () => {
  it('hold for every range of a tree', () => {
    fc.assert(
      fc.property(ranges, ([size, begin, end]) => {
        expect(verifyRange(claimOf(begin, end, size))).toBe(true);
      }),
    );
  });

  it('fail for leaves dropped, added, swapped or moved', () => {
    fc.assert(
      fc.property(ranges, ([size, begin, end]) => {
        const claim = claimOf(begin, end, size);
        const { leafHashes } = claim;
        expect(verifyRange({ ...claim, leafHashes: leafHashes.slice(1) })).toBe(false);
        expect(verifyRange({ ...claim, leafHashes: [...leafHashes, leaf(200)] })).toBe(false);
        expect(verifyRange({ ...claim, begin: begin + 1 })).toBe(false);
        if (leafHashes.length > 1) expect(verifyRange({ ...claim, leafHashes: [...leafHashes].reverse() })).toBe(false);
      }),
    );
  });

  it('have at most two hashes a level, and none for the whole tree', () => {
    expect(rangeProofRanges({ begin: 2 ** 39 - 1, end: 2 ** 39 + 1 }, 2 ** 40)).toHaveLength(78);
    expect(rangeProofRanges({ begin: 0, end: 9 }, 9)).toEqual([]);
    expect(() => rangeProofRanges({ begin: 3, end: 3 }, 9)).toThrow(RangeError);
  });

  it('leave no hash over', () => {
    const claim = claimOf(2, 5, 9);
    expect(verifyRange({ ...claim, proof: [...claim.proof, leaf(0)] })).toBe(false);
    expect(verifyRange({ ...claim, proof: claim.proof.slice(1) })).toBe(false);
    expect(verifyRange({ ...claim, proof: claim.proof.map(() => new Uint8Array(31)) })).toBe(false);
  });
});
