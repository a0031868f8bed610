import { isSameBytes } from './canonical-text.ts';
import type { LeafRange } from './merkle-proof.ts';
import { hashNode, HASH_SIZE, splitPoint } from './tree-hash.ts';

/**
 * The subtrees outside the leaves `begin` to `end` that, with those leaves, give the root: at most two per level,
 * however long the range. Left to right, as `verifyRange` wants them.
 */
export function rangeProofRanges({ begin, end }: LeafRange, size: number): readonly LeafRange[] {
  if (!(begin >= 0 && begin < end && end <= size)) throw new RangeError('the leaves are not in the tree');
  const outside: LeafRange[] = [];
  const visit = (low: number, high: number): void => {
    if (begin <= low && high <= end) return;
    if (high <= begin || end <= low) {
      outside.push({ begin: low, end: high });
      return;
    }
    const middle = low + splitPoint(high - low);
    visit(low, middle);
    visit(middle, high);
  };
  visit(0, size);
  return outside;
}

/** What a range proof claims: that exactly these leaf hashes stand from `begin` on in the tree. */
export interface RangeClaim {
  readonly begin: number;
  readonly leafHashes: readonly Uint8Array[];
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether a range proof holds. */
export function verifyRange({ begin, leafHashes, size, root, proof }: RangeClaim): boolean {
  const end = begin + leafHashes.length;
  const isRange = Number.isSafeInteger(begin) && Number.isSafeInteger(size) && begin >= 0 && begin < end && end <= size;
  if (!isRange || ![...leafHashes, ...proof, root].every(({ length }) => length === HASH_SIZE)) return false;
  let used = 0;
  const hash = (low: number, high: number): Uint8Array | undefined => {
    if (high <= begin || end <= low) return proof[used++];
    if (high - low === 1) return leafHashes[low - begin];
    const middle = low + splitPoint(high - low);
    const left = hash(low, middle);
    const right = hash(middle, high);
    return left && right && hashNode(left, right);
  };
  const computed = hash(0, size);
  return computed !== undefined && used === proof.length && isSameBytes(computed, root);
}
