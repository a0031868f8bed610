import { EvidenceError } from './errors.ts';

/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** Tree levels that one tile spans. */
export const TILE_HEIGHT = 8;

/** One static resource of a tiled log: a run of hashes at `level · 8`, or the entries below tile `index` of level 0. */
export interface TilePath {
  readonly kind: 'hashes' | 'entries';
  /** Tile level, 0 to 63; 0 for entries. */
  readonly level: number;
  readonly index: number;
  /** 1 to 256; less than 256 is a partial tile. */
  readonly width: number;
}

/** `tile/0/x001/234.p/5` (C2SP tlog-tiles, Merkle Tree), relative to the log's prefix. */
export function encodeTilePath({ kind, level, index, width }: TilePath): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${kind === 'entries' ? 'entries' : level}/${number}${suffix}`;
}

const TILE_PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** @throws {EvidenceError} `tile_path_malformed` for anything but the one spelling of a path */
export function parseTilePath(path: string): TilePath {
  const [, head = '', number = '', partial] = TILE_PATH.exec(path) ?? [];
  const kind = head === 'entries' ? 'entries' : 'hashes';
  const level = kind === 'entries' ? 0 : Number(head);
  const index = Number(number.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const tile: TilePath = { kind, level, index, width };
  const isPartialFull = partial !== undefined && width >= TILE_WIDTH;
  if (!Number.isSafeInteger(index) || level > 63 || isPartialFull || encodeTilePath(tile) !== path) {
    throw new EvidenceError('tile_path_malformed', 'not a tile path');
  }
  return tile;
}

/** Hashes that tile level `level` holds in all for a tree of `size` leaves: full subtrees of 256^level leaves. */
export const hashesAtLevel = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** Width of tile `index` at `level` in a tree of `size` leaves; 0 when it does not exist yet. */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAtLevel(level, size) - index * TILE_WIDTH));
}

/** Tile levels in use for a tree of `size` leaves. */
export function tileLevels(size: number): number {
  let levels = 0;
  while (hashesAtLevel(levels, size) > 0) levels += 1;
  return levels;
}

/** Where the node (`level`, `index`) of the tree lies: the hashes `begin` to `end` of a tile, to be hashed together. */
export function locateNode(
  level: number,
  index: number,
): { readonly tile: Pick<TilePath, 'level' | 'index'>; readonly begin: number; readonly end: number } {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const span = 2 ** (level % TILE_HEIGHT);
  const first = index * span;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const begin = first - tileIndex * TILE_WIDTH;
  return { tile: { level: tileLevel, index: tileIndex }, begin, end: begin + span };
}

/** Entry bundle: each entry behind its big-endian 16-bit length (C2SP tlog-tiles, Log entries). */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError('an entry has at most 65535 bytes');
    view.setUint16(at, entry.length);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** @throws {EvidenceError} `proof_malformed` when a length runs past the end */
export function parseEntries(bundle: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const end = at + 2 <= bundle.length ? at + 2 + view.getUint16(at) : Infinity;
    if (end > bundle.length) throw new EvidenceError('proof_malformed', 'the entry bundle is cut off');
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  return entries;
}
