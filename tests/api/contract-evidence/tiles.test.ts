import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeEntries,
  encodeTilePath,
  locateNode,
  parseEntries,
  parseTilePath,
  tileLevels,
  tileWidth,
} from '../../../api/contract/evidence/tiles.ts';

describe('tile paths', () => {
  it('are spelled as in the specification', () => {
    expect(encodeTilePath({ kind: 'hashes', level: 0, index: 1234067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(encodeTilePath({ kind: 'entries', level: 0, index: 0, width: 5 })).toBe('tile/entries/000.p/5');
  });

  it('keep what they were given', () => {
    const hashes = fc.record({
      kind: fc.constant('hashes' as const),
      level: fc.integer({ min: 0, max: 63 }),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    });
    const entries = hashes.map((tile) => ({ ...tile, kind: 'entries' as const, level: 0 }));
    fc.assert(
      fc.property(fc.oneof(hashes, entries), (tile) => {
        expect(parseTilePath(encodeTilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    'tile/0/1',
    'tile/00/001',
    'tile/64/001',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/01',
    'tile/0/001.p/999',
    'tile/entries/0',
    'tile/data/001',
    '/tile/0/001',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
  ])('refuse %s', (path) => {
    expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ code: 'tile_path_malformed' }));
  });
});

describe('tile arithmetic', () => {
  it('gives the specification’s tree of 70,000 leaves', () => {
    expect([tileWidth(0, 272, 70_000), tileWidth(0, 273, 70_000), tileWidth(0, 274, 70_000)]).toEqual([256, 112, 0]);
    expect([tileWidth(1, 0, 70_000), tileWidth(1, 1, 70_000)]).toEqual([256, 17]);
    expect([tileWidth(2, 0, 70_000), tileLevels(70_000)]).toEqual([1, 3]);
    expect([tileWidth(0, 0, 256), tileWidth(1, 0, 256)]).toEqual([256, 1]);
  });

  it('finds a node inside its tile', () => {
    expect(locateNode(0, 300)).toEqual({ tile: { level: 0, index: 1 }, begin: 44, end: 45 });
    expect(locateNode(7, 3)).toEqual({ tile: { level: 0, index: 1 }, begin: 128, end: 256 });
    expect(locateNode(8, 3)).toEqual({ tile: { level: 1, index: 0 }, begin: 3, end: 4 });
  });
});

describe('entry bundles', () => {
  it('put a big-endian length before each entry', () => {
    expect(encodeEntries([Uint8Array.of(7, 8), new Uint8Array()])).toEqual(Uint8Array.of(0, 2, 7, 8, 0, 0));
  });

  it('keep what they were given', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (entries) => {
        expect(parseEntries(encodeEntries(entries))).toEqual(entries);
      }),
    );
  });

  it.each([[[0]], [[0, 2, 1]]])('refuse a bundle cut off: %j', (bytes) => {
    expect(() => parseEntries(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'proof_malformed' }));
  });
});
