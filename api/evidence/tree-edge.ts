import { hashNode, EMPTY_ROOT, HASH_SIZE, splitPoint } from '../contract/evidence/tree-hash.ts';
import { TILE_WIDTH, hashesAtLevel } from '../contract/evidence/tiles.ts';
import type { StoredTile } from '../storage/evidence.ts';

/**
 * The right edge of a tree: per tile level the hashes of the tile that is not full yet. It is all that growing needs,
 * whatever the size. Values are never changed, so a failed write leaves the edge it started from.
 */
export interface TreeEdge {
  readonly size: number;
  readonly partial: readonly (readonly Uint8Array[])[];
}

export const EMPTY_EDGE: TreeEdge = { size: 0, partial: [] };

/** Merkle tree hash over complete subtrees of equal size, of which the last may be smaller. */
function hashRun(hashes: readonly Uint8Array[]): Uint8Array {
  const [first, second] = hashes;
  if (!first) throw new RangeError('an empty run has no hash');
  if (!second) return first;
  const middle = splitPoint(hashes.length);
  return hashNode(hashRun(hashes.slice(0, middle)), hashRun(hashes.slice(middle)));
}

/** The tree with more leaves, and every tile that changed. */
export function growTree(
  edge: TreeEdge,
  leafHashes: readonly Uint8Array[],
): { readonly edge: TreeEdge; readonly tiles: readonly StoredTile[] } {
  const partial = edge.partial.map((hashes) => [...hashes]);
  const counts = partial.map((_, level) => hashesAtLevel(level, edge.size));
  const touched = new Set<number>();
  const tiles: StoredTile[] = [];

  const push = (level: number, hash: Uint8Array): void => {
    const run = (partial[level] ??= []);
    run.push(hash);
    touched.add(level);
    const count = (counts[level] = (counts[level] ?? 0) + 1);
    if (run.length < TILE_WIDTH) return;
    tiles.push({ level, index: count / TILE_WIDTH - 1, hashes: concatenate(run) });
    partial[level] = [];
    push(level + 1, hashRun(run));
  };
  leafHashes.forEach((hash) => push(0, hash));

  for (const level of touched) {
    const run = partial[level] ?? [];
    const index = Math.floor((counts[level] ?? 0) / TILE_WIDTH);
    if (run.length > 0) tiles.push({ level, index, hashes: concatenate(run) });
  }
  return { edge: { size: edge.size + leafHashes.length, partial }, tiles };
}

/** Root of the tree: each level's run, with what is still unfinished below it as its last, smaller member. */
export function edgeRoot({ partial }: TreeEdge): Uint8Array {
  let below: Uint8Array | undefined;
  for (const run of partial) {
    const members = below ? [...run, below] : run;
    if (members.length > 0) below = hashRun(members);
  }
  return below ?? EMPTY_ROOT;
}

/** The edge of a stored tree. `undefined` when a tile is missing or shorter than the size demands. */
export async function readEdge(
  size: number,
  readTile: (level: number, index: number) => Promise<Uint8Array | undefined>,
): Promise<TreeEdge | undefined> {
  const partial: (readonly Uint8Array[])[] = [];
  for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
    const count = hashesAtLevel(level, size);
    const width = count % TILE_WIDTH;
    const tile = width === 0 ? new Uint8Array() : await readTile(level, Math.floor(count / TILE_WIDTH));
    if (!tile || tile.length < width * HASH_SIZE) return undefined;
    partial.push(Array.from({ length: width }, (_, at) => tile.slice(at * HASH_SIZE, (at + 1) * HASH_SIZE)));
  }
  return { size, partial };
}

function concatenate(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_SIZE);
  hashes.forEach((hash, at) => bytes.set(hash, at * HASH_SIZE));
  return bytes;
}
