import { EvidenceError } from './errors.ts';
import { hashRange, rangeNodes, type LeafRange, type NodeReader } from './merkle-proof.ts';
import { HASH_SIZE, hashNode } from './tree-hash.ts';
import { locateNode } from './tiles.ts';

/** Reads a tile's hashes, as many as are stored. */
export type TileReader = (level: number, index: number) => Promise<Uint8Array | undefined>;

/** Tiles kept hashed in memory: up to about 16 KiB each. */
const CACHED_TILES = 1024;

/** The nodes inside one tile, hashed when first asked for. A tile grows at its end, so what was hashed stays true. */
class TileNodes {
  readonly #levels: Uint8Array[][] = [[]];

  get width(): number {
    return this.#levels[0]?.length ?? 0;
  }

  extend(hashes: Uint8Array): void {
    for (let at = this.width; at < hashes.length / HASH_SIZE; at += 1) {
      this.#levels[0]?.push(hashes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE));
    }
  }

  node(height: number, index: number): Uint8Array {
    const level = (this.#levels[height] ??= []);
    const known = level[index];
    if (known) return known;
    if (height === 0) throw new EvidenceError('tree_damaged', 'a tile is shorter than its tree');
    return (level[index] = hashNode(this.node(height - 1, 2 * index), this.node(height - 1, 2 * index + 1)));
  }
}

interface CachedTile {
  readonly nodes: TileNodes;
  /** The read under way: everyone who wants more of this tile waits for the same one. */
  reading?: Promise<void>;
}

/** Hashes of ranges of a stored tree, from its tiles. */
export class TreeReader {
  readonly #readTile: TileReader;
  readonly #cache = new Map<string, CachedTile>();

  constructor(readTile: TileReader) {
    this.#readTile = readTile;
  }

  /** @throws {EvidenceError} `tree_damaged` when a tile is missing or too short */
  async hashRanges(ranges: readonly LeafRange[]): Promise<readonly Uint8Array[]> {
    const tiles = new Map<string, CachedTile>();
    const wanted = new Map<string, ReturnType<typeof locateNode>>();
    for (const { level, index } of ranges.flatMap(rangeNodes)) {
      const node = locateNode(level, index);
      const key = `${node.tile.level}/${node.tile.index}`;
      if ((wanted.get(key)?.end ?? 0) < node.end) wanted.set(key, node);
      if (!tiles.has(key)) tiles.set(key, this.#find(key));
    }
    // All at once: a store that is far away is waited for once, however many leaves are asked about.
    await Promise.all(
      [...tiles].map(async ([key, cached]) => {
        const node = wanted.get(key);
        while (node && cached.nodes.width < node.end) await this.#grow(cached, node.tile, node.end);
      }),
    );
    const readNode: NodeReader = (level, index) => {
      const { tile, begin, end } = locateNode(level, index);
      const cached = tiles.get(`${tile.level}/${tile.index}`);
      if (!cached) throw new EvidenceError('tree_damaged', 'a tile is missing');
      return cached.nodes.node(Math.log2(end - begin), begin / (end - begin));
    };
    return ranges.map((range) => hashRange(range, readNode));
  }

  /** The cached tile, now the most recently used one. */
  #find(key: string): CachedTile {
    const cached = this.#cache.get(key) ?? { nodes: new TileNodes() };
    this.#cache.delete(key);
    this.#cache.set(key, cached);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size > CACHED_TILES && !oldest.done) this.#cache.delete(oldest.value);
    return cached;
  }

  async #grow(
    cached: CachedTile,
    { level, index }: { readonly level: number; readonly index: number },
    end: number,
  ): Promise<void> {
    if (cached.reading) return cached.reading;
    cached.reading = this.#readTile(level, index)
      .then((hashes) => cached.nodes.extend(hashes ?? new Uint8Array()))
      .finally(() => (cached.reading = undefined));
    await cached.reading;
    if (cached.nodes.width < end) throw new EvidenceError('tree_damaged', `tile ${level}/${index} is missing or short`);
  }
}
