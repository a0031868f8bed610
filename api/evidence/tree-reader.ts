import { EvidenceError } from '../contract/evidence/errors.ts';
import { hashRange, rangeNodes, type LeafRange, type NodeReader } from '../contract/evidence/merkle-proof.ts';
import { HASH_SIZE, hashNode } from '../contract/evidence/tree-hash.ts';
import { locateNode } from '../contract/evidence/tiles.ts';

/** Reads a tile's hashes, as many as are stored. */
export type TileReader = (level: number, index: number) => Promise<Uint8Array | undefined>;

/** Full tiles kept hashed in memory: about 16 KiB each. */
const CACHED_TILES = 1024;

/** The nodes inside one tile, hashed when first asked for. */
class TileNodes {
  readonly width: number;
  readonly #levels: Uint8Array[][];

  constructor(hashes: Uint8Array) {
    this.width = hashes.length / HASH_SIZE;
    this.#levels = [
      Array.from({ length: this.width }, (_, at) => hashes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE)),
    ];
  }

  node(height: number, index: number): Uint8Array {
    const level = (this.#levels[height] ??= []);
    const known = level[index];
    if (known) return known;
    if (height === 0) throw new EvidenceError('tree_damaged', 'a tile is shorter than its tree');
    return (level[index] = hashNode(this.node(height - 1, 2 * index), this.node(height - 1, 2 * index + 1)));
  }
}

/**
 * Hashes of ranges of a stored tree. Tiles only grow at their end, so one that was read stays true; it is read again
 * when a later node is wanted.
 */
export class TreeReader {
  readonly #readTile: TileReader;
  readonly #cache = new Map<string, TileNodes>();

  constructor(readTile: TileReader) {
    this.#readTile = readTile;
  }

  /** @throws {EvidenceError} `tree_damaged` when a tile is missing or too short */
  async hashRanges(ranges: readonly LeafRange[]): Promise<readonly Uint8Array[]> {
    const tiles = await this.#loadTiles(ranges);
    const readNode: NodeReader = (level, index) => {
      const { tile, begin, end } = locateNode(level, index);
      const nodes = tiles.get(`${tile.level}/${tile.index}`);
      if (!nodes) throw new EvidenceError('tree_damaged', 'a tile is missing');
      return nodes.node(Math.log2(end - begin), begin / (end - begin));
    };
    return ranges.map((range) => hashRange(range, readNode));
  }

  async #loadTiles(ranges: readonly LeafRange[]): Promise<ReadonlyMap<string, TileNodes>> {
    const wanted = new Map<string, { level: number; index: number; width: number }>();
    for (const { level, index } of ranges.flatMap(rangeNodes)) {
      const { tile, end } = locateNode(level, index);
      const key = `${tile.level}/${tile.index}`;
      wanted.set(key, { ...tile, width: Math.max(end, wanted.get(key)?.width ?? 0) });
    }

    const loaded = new Map<string, TileNodes>();
    for (const [key, { level, index, width }] of wanted) {
      const cached = this.#cache.get(key);
      const nodes = cached && cached.width >= width ? cached : new TileNodes(await this.#read(level, index));
      loaded.set(key, nodes);
      this.#remember(key, nodes);
    }
    return loaded;
  }

  async #read(level: number, index: number): Promise<Uint8Array> {
    const hashes = await this.#readTile(level, index);
    if (!hashes) throw new EvidenceError('tree_damaged', `tile ${level}/${index} is missing`);
    return hashes;
  }

  #remember(key: string, nodes: TileNodes): void {
    this.#cache.delete(key);
    this.#cache.set(key, nodes);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size > CACHED_TILES && !oldest.done) this.#cache.delete(oldest.value);
  }
}
