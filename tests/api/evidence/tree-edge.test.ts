import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treeRoot, type NodeReader } from '../../../api/contract/evidence/merkle-proof.ts';
import { tileWidth } from '../../../api/contract/evidence/tiles.ts';
import { EMPTY_ROOT, hashLeaf, hashNode } from '../../../api/contract/evidence/tree-hash.ts';
import { EMPTY_EDGE, edgeRoot, growTree, readEdge } from '../../../api/evidence/tree-edge.ts';

const leafHash = (n: number) => hashLeaf(Uint8Array.of(n >> 16, n >> 8, n));
const memo = new Map<string, Uint8Array>();
const readNode: NodeReader = (level, index) => {
  const key = `${level}/${index}`;
  const known = memo.get(key);
  if (known) return known;
  const hash =
    level === 0 ? leafHash(index) : hashNode(readNode(level - 1, 2 * index), readNode(level - 1, 2 * index + 1));
  memo.set(key, hash);
  return hash;
};

/** A tree grown in steps, and its tiles as a store would hold them. */
function grow(steps: readonly number[]) {
  const stored = new Map<string, Uint8Array>();
  let edge = EMPTY_EDGE;
  for (const step of steps) {
    const grown = growTree(
      edge,
      Array.from({ length: step }, (_, n) => leafHash(edge.size + n)),
    );
    for (const { level, index, hashes } of grown.tiles) stored.set(`${level}/${index}`, hashes);
    edge = grown.edge;
  }
  return { edge, stored, readTile: (level: number, index: number) => Promise.resolve(stored.get(`${level}/${index}`)) };
}

const steps = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 200, max: 700 })), { maxLength: 6 });

describe('the edge of a tree', () => {
  it('gives the root of the definition, however the leaves arrive', () => {
    fc.assert(
      fc.property(steps, (sizes) => {
        const { edge } = grow(sizes);
        expect(edgeRoot(edge)).toEqual(edge.size === 0 ? EMPTY_ROOT : treeRoot(edge.size, readNode));
      }),
      { numRuns: 50 },
    );
  });

  it('is the same read from tiles as grown', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sizes) => {
        const { edge, readTile } = grow(sizes);
        const read = await readEdge(edge.size, readTile);
        expect(read && edgeRoot(read)).toEqual(edgeRoot(edge));
        const more = Array.from({ length: 300 }, (_, n) => leafHash(edge.size + n));
        expect(read && edgeRoot(growTree(read, more).edge)).toEqual(edgeRoot(growTree(edge, more).edge));
      }),
      { numRuns: 30 },
    );
  });

  it('writes every tile that the size demands, at its full width', () => {
    const { edge, stored } = grow([1, 254, 1, 1, 65_279, 300]);
    const widths = [...stored].map(([key, hashes]) => {
      const [level = 0, index = 0] = key.split('/').map(Number);
      return hashes.length / 32 === tileWidth(level, index, edge.size);
    });
    expect(widths.every(Boolean)).toBe(true);
    expect(stored.get('1/0')?.length).toBe(8192);
    expect(stored.get('2/0')).toEqual(readNode(16, 0));
  });

  it('leaves the edge it started from as it was', () => {
    const { edge } = grow([300]);
    const root = edgeRoot(edge);
    growTree(edge, [leafHash(300), leafHash(301)]);
    expect([edge.size, edgeRoot(edge)]).toEqual([300, root]);
  });

  it('is not made of tiles that are missing or short', async () => {
    const { readTile } = grow([300]);
    expect(await readEdge(301, readTile)).toBeUndefined();
    expect(await readEdge(300, () => Promise.resolve(undefined))).toBeUndefined();
  });
});
