import { isSameBytes } from './canonical-text.ts';
import { EMPTY_ROOT, HASH_SIZE, hashNode } from './tree-hash.ts';

const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_SIZE;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/** What an inclusion proof claims: that `leafHash` stands at `index` in the tree of `size` leaves with this `root`. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether an inclusion proof holds (RFC 6962 §2.1.1, by the procedure of RFC 9162 §2.1.3.2). */
export function verifyInclusion({ root, ...path }: InclusionClaim): boolean {
  const computed = rootFromPath(path);
  return isHash(root) && computed !== undefined && isSameBytes(computed, root);
}

/** The root that an audit path leads to; `undefined` for a path that fits no such tree. */
export function rootFromPath({ index, size, leafHash, proof }: Omit<InclusionClaim, 'root'>): Uint8Array | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined;
  if (!isHash(leafHash) || !proof.every(isHash)) return undefined;
  let position = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (isOdd(position) || position === last) {
      hash = hashNode(sibling, hash);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 ? hash : undefined;
}

/** What a consistency proof claims: that the tree of `oldSize` leaves is a prefix of the tree of `size` leaves. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Whether a consistency proof holds (RFC 6962 §2.1.2, by the procedure of RFC 9162 §2.1.4.2).
 *
 * Every tree extends the empty one, with an empty proof; the same size needs the same root and an empty proof.
 */
export function verifyConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyClaim): boolean {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size) return false;
  if (!isHash(oldRoot) || !isHash(root) || !proof.every(isHash)) return false;
  if (oldSize === size) return proof.length === 0 && isSameBytes(oldRoot, root);
  if (oldSize === 0) return proof.length === 0 && isSameBytes(oldRoot, EMPTY_ROOT);

  let position = oldSize - 1;
  let last = size - 1;
  while (isOdd(position)) {
    position = half(position);
    last = half(last);
  }
  // A power of two is a whole subtree: its root starts the path and is not repeated in the proof.
  const path = position === 0 ? [oldRoot, ...proof] : proof;
  const [seed, ...rest] = path;
  if (!seed) return false;
  let oldHash = seed;
  let hash = seed;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(position) || position === last) {
      oldHash = hashNode(sibling, oldHash);
      hash = hashNode(sibling, hash);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && isSameBytes(oldHash, oldRoot) && isSameBytes(hash, root);
}
