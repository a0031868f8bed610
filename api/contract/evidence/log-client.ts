import { parseSignedCheckpoint, verifyCheckpoint, type Checkpoint, type SignedCheckpoint } from './checkpoint.ts';
import { EvidenceError } from './errors.ts';
import { consistencyRanges } from './merkle-proof.ts';
import { verifyConsistency } from './merkle-verify.ts';
import { encodeTilePath, TILE_WIDTH, tileWidth, type TilePath } from './tiles.ts';
import { HASH_SIZE } from './tree-hash.ts';
import { TreeReader } from './tree-reader.ts';
import type { VerifierKey } from './verifier-key.ts';

/** Somebody else's log, read as static resources (C2SP tlog-tiles). Nothing it says is believed without proof. */
export interface LogClient {
  /** The newest checkpoint, with the pinned key's signature verified. */
  fetchCheckpoint(): Promise<SignedCheckpoint>;
  /**
   * Whether the log as it stands at `now` extends `old`: the question whoever keeps an old receipt can ask for ever.
   *
   * @throws {EvidenceError} `log_unreachable` when a tile cannot be had, which proves nothing either way
   */
  isExtension(old: Checkpoint, now: Checkpoint): Promise<boolean>;
}

export interface LogClientParts {
  /** URL prefix of the log, without a final slash. */
  readonly prefix: string;
  readonly key: VerifierKey;
  readonly fetch: typeof fetch;
}

export function createLogClient({ prefix, key, fetch }: LogClientParts): LogClient {
  const get = async (path: string): Promise<Response> => {
    try {
      return await fetch(`${prefix}/${path}`);
    } catch (cause) {
      throw new EvidenceError('log_unreachable', path, { cause });
    }
  };
  /** A partial tile may have been dropped once the full one exists (C2SP tlog-tiles, Partial Tiles). */
  const fetchTile = async (tile: TilePath): Promise<Uint8Array> => {
    let response = await get(encodeTilePath(tile));
    if (response.status === 404 && tile.width < TILE_WIDTH) {
      response = await get(encodeTilePath({ ...tile, width: TILE_WIDTH }));
    }
    if (!response.ok) throw new EvidenceError('log_unreachable', `${encodeTilePath(tile)}: status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer()).subarray(0, tile.width * HASH_SIZE);
  };

  return {
    async fetchCheckpoint() {
      const response = await get('checkpoint');
      if (!response.ok) throw new EvidenceError('log_unreachable', `checkpoint: status ${response.status}`);
      const signed = parseSignedCheckpoint(await response.text());
      await verifyCheckpoint(signed, key);
      return signed;
    },
    async isExtension(old, now) {
      if (old.origin !== now.origin || old.size > now.size) return false;
      const reader = new TreeReader((level, index) =>
        fetchTile({ kind: 'hashes', level, index, width: tileWidth(level, index, now.size) }),
      );
      const proof = await reader.hashRanges(consistencyRanges(old.size, now.size));
      return verifyConsistency({ oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, proof });
    },
  };
}
