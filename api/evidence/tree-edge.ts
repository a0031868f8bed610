import { EMPTY_ROOT, HASH_SIZE, hashNode } from '../contract/evidence/tree-hash.ts';
import { hashesAtLevel, TILE_HEIGHT, TILE_WIDTH } from '../contract/evidence/tiles.ts';
import type { StoredTile } from '../storage/evidence.ts';

/**
 * The right edge of a tree: all that growing it needs, whatever its size. Values are never changed, so a failed write
 * leaves the edge it started from.
 */
export interface TreeEdge {
  readonly size: number;
  /** Per tile level the hashes of the tile that is not full yet. */
  readonly partial: readonly (readonly Uint8Array[])[];
  /** The complete subtrees that the size is made of: level n where bit n of the size is set. */
  readonly frontier: readonly (Uint8Array | undefined)[];
}

export const EMPTY_EDGE: TreeEdge = { size: 0, partial: [], frontier: [] };

/** The tree with more leaves, and every tile that changed. Hashes about once per leaf. */
export function growTree(
  edge: TreeEdge,
  leafHashes: readonly Uint8Array[],
): { readonly edge: TreeEdge; readonly tiles: readonly StoredTile[] } {
  const frontier = [...edge.frontier];
  const partial = edge.partial.map((hashes) => [...hashes]);
  const touched = new Set<number>();
  const tiles: StoredTile[] = [];
  let size = edge.size;

  const pushIntoTile = (level: number, hash: Uint8Array): void => {
    const run = (partial[level] ??= []);
    run.push(hash);
    touched.add(level);
    if (run.length < TILE_WIDTH) return;
    tiles.push({ level, index: hashesAtLevel(level, size) / TILE_WIDTH - 1, hashes: concatenate(run) });
    partial[level] = [];
  };
  for (const leafHash of leafHashes) {
    size += 1;
    let hash = leafHash;
    let level = 0;
    pushIntoTile(0, hash);
    for (let left = frontier[0]; left; left = frontier[level]) {
      hash = hashNode(left, hash);
      frontier[level] = undefined;
      level += 1;
      if (level % TILE_HEIGHT === 0) pushIntoTile(level / TILE_HEIGHT, hash);
    }
    frontier[level] = hash;
  }

  for (const level of touched) {
    const run = partial[level] ?? [];
    const index = Math.floor(hashesAtLevel(level, size) / TILE_WIDTH);
    if (run.length > 0) tiles.push({ level, index, hashes: concatenate(run) });
  }
  return { edge: { size, partial, frontier }, tiles };
}

/** Root of the tree: its complete subtrees, joined from the smallest on. */
export function edgeRoot({ frontier }: TreeEdge): Uint8Array {
  const nodes = frontier.filter((node) => node !== undefined);
  const [smallest, ...larger] = nodes;
  return smallest ? larger.reduce((right, left) => hashNode(left, right), smallest) : EMPTY_ROOT;
}

/** The edge of a stored tree. `undefined` when a tile is missing or shorter than the size demands. */
export async function readEdge(
  size: number,
  readTile: (level: number, index: number) => Promise<Uint8Array | undefined>,
): Promise<TreeEdge | undefined> {
  const partial: Uint8Array[][] = [];
  const frontier: (Uint8Array | undefined)[] = [];
  for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
    const count = hashesAtLevel(level, size);
    const width = count % TILE_WIDTH;
    const tile = width === 0 ? new Uint8Array() : await readTile(level, Math.floor(count / TILE_WIDTH));
    if (!tile || tile.length < width * HASH_SIZE) return undefined;
    const run = Array.from({ length: width }, (_, at) => tile.slice(at * HASH_SIZE, (at + 1) * HASH_SIZE));
    partial.push(run);
    frontier.push(...splitRun(run));
  }
  return { size, partial, frontier };
}

/** The complete subtrees over one tile's run, from one hash up to 128. */
function splitRun(run: readonly Uint8Array[]): readonly (Uint8Array | undefined)[] {
  let end = run.length;
  return Array.from({ length: TILE_HEIGHT }, (_, height) => {
    const span = 2 ** height;
    if (Math.floor(run.length / span) % 2 === 0) return undefined;
    end -= span;
    return hashPerfect(run.slice(end, end + span));
  });
}

function hashPerfect(hashes: readonly Uint8Array[]): Uint8Array {
  const [first, second] = hashes;
  if (!first) throw new RangeError('an empty run has no hash');
  if (!second) return first;
  const middle = hashes.length / 2;
  return hashNode(hashPerfect(hashes.slice(0, middle)), hashPerfect(hashes.slice(middle)));
}

function concatenate(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_SIZE);
  hashes.forEach((hash, at) => bytes.set(hash, at * HASH_SIZE));
  return bytes;
}
