import { EMPTY_ROOT, hashNode, splitPoint } from './tree-hash.ts';

/** The leaves `begin` to `end` (exclusive) of a log. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * Hash of a complete subtree: the Merkle tree hash of leaves `index · 2^level` to `(index + 1) · 2^level`. A reader
 * throws when it does not hold the node.
 */
export type NodeReader = (level: number, index: number) => Uint8Array;

/** A complete subtree: the leaves `index · 2^level` to `(index + 1) · 2^level`. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/**
 * The complete subtrees that make up a range, left to right and from large to small. The range begins where its
 * largest power of two is aligned, as all ranges of RFC 6962 do.
 */
export function rangeNodes({ begin, end }: LeafRange): readonly TreeNode[] {
  if (!(end > begin)) throw new RangeError('an empty range has no nodes');
  let level = 0;
  let span = 1;
  while (span * 2 <= end - begin) {
    span *= 2;
    level += 1;
  }
  const nodes: TreeNode[] = [];
  for (let at = begin; at < end; span /= 2, level -= 1) {
    if (at + span > end) continue;
    nodes.push({ level, index: at / span });
    at += span;
  }
  return nodes;
}

/** Merkle tree hash of the range (RFC 6962 §2.1). */
export function hashRange(range: LeafRange, readNode: NodeReader): Uint8Array {
  return rangeNodes(range)
    .map(({ level, index }) => readNode(level, index))
    .reduceRight((right, left) => hashNode(left, right));
}

/** Root of the tree of `size` leaves. */
export function treeRoot(size: number, readNode: NodeReader): Uint8Array {
  return size === 0 ? EMPTY_ROOT : hashRange({ begin: 0, end: size }, readNode);
}

/** The subtrees whose hashes are the audit path, leaf's sibling first (RFC 6962 §2.1.1). */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('the leaf is not in the tree');
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/** The subtrees whose hashes prove that the tree of `oldSize` is a prefix of `size` (RFC 6962 §2.1.2). */
export function consistencyRanges(oldSize: number, size: number): readonly LeafRange[] {
  if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > size)
    throw new RangeError('the old tree is not smaller');
  if (oldSize === 0 || oldSize === size) return [];
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (oldSize !== end) {
    const middle = begin + splitPoint(end - begin);
    if (oldSize <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  // The whole old tree as one subtree is known to the verifier and left out.
  if (begin !== 0) ranges.push({ begin, end });
  return ranges.reverse();
}

export const createInclusionProof = (index: number, size: number, readNode: NodeReader): readonly Uint8Array[] =>
  inclusionRanges(index, size).map((range) => hashRange(range, readNode));

export const createConsistencyProof = (oldSize: number, size: number, readNode: NodeReader): readonly Uint8Array[] =>
  consistencyRanges(oldSize, size).map((range) => hashRange(range, readNode));
