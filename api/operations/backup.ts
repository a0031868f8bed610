import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { encodeHex } from '../contract/hex.ts';
import { encodeAddCheckpoint } from '../contract/evidence/add-checkpoint.ts';
import { EvidenceError } from '../contract/evidence/errors.ts';
import { EMPTY_ROOT, hashLeaf, hashNode } from '../contract/evidence/tree-hash.ts';
import { Timestamp } from '../contract/ids.ts';
import type { Witness } from '../evidence/witness.ts';
import type { EvidenceStore } from '../storage/evidence.ts';
import { openSqliteExchangeStores } from '../storage/sqlite/exchange-stores.ts';
import { openSqliteGatewayStores } from '../storage/sqlite/gateway-stores.ts';

const DATABASE = 'database.sqlite';
const MANIFEST = 'manifest.json';

/** What a backup says of itself. */
export const BackupManifest = z
  .object({
    version: z.literal(1),
    role: z.enum(['exchange', 'gateway']),
    /** Exchange or institution id. */
    self: z.string(),
    at: Timestamp,
    sha256: z.string().length(64),
    sizeBytes: z.int().nonnegative(),
  })
  .readonly();
export type BackupManifest = z.infer<typeof BackupManifest>;

export const BACKUP_ERROR_CODES = [
  'backup_unreadable',
  'backup_damaged',
  'backup_of_another',
  'target_in_use',
  'folder_in_use',
  'database_unreadable',
  'log_damaged',
  'log_would_fork',
  'witnesses_silent',
] as const;
export type BackupErrorCode = (typeof BACKUP_ERROR_CODES)[number];

/** A backup cannot be made or must not be restored. */
export class BackupError extends Error {
  readonly code: BackupErrorCode;
  constructor(code: BackupErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'BackupError';
    this.code = code;
  }
}

type Owner = Pick<BackupManifest, 'role' | 'self'>;

/**
 * Copies an embedded database page by page while it is written to (SQLite online backup): everything that was durable when
 * it began is in it, in one consistent state.
 *
 * @param folder made when it does not exist; must hold nothing yet
 * @throws {BackupError} `folder_in_use`, `database_unreadable`
 */
export async function makeBackup(
  database: string,
  folder: string,
  owner: Owner,
  now: () => Date,
): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BackupError('folder_in_use', `${folder} is not empty`);
  const at = now().toISOString();
  const copy = join(folder, DATABASE);
  const source = openSource(database);
  try {
    await source.backup(copy);
  } finally {
    source.close();
  }
  const manifest = {
    version: 1 as const,
    ...owner,
    at,
    sha256: await digestFile(copy),
    sizeBytes: (await stat(copy)).size,
  };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return manifest;
}

function openSource(database: string): Database.Database {
  try {
    return new Database(database, { readonly: true, fileMustExist: true });
  } catch (cause) {
    throw new BackupError('database_unreadable', `${database}: has the server been started yet?`, { cause });
  }
}

export interface Restored {
  readonly manifest: BackupManifest;
  /** Leaves of the restored log; 0 of a gateway. */
  readonly leaves: number;
  /** Witnesses that could be asked whether newer states of the log were published. */
  readonly asked: number;
}

/** How a backup is restored. */
export interface RestoreOptions {
  /** Who is asked whether newer states of the log were published. */
  readonly witnesses: readonly Witness[];
  /** Takes the place of a database that is there, which is kept under another name. */
  readonly replaces: boolean;
  /** Goes on although no witness answers: whoever says so knows by another way that this is the newest state. */
  readonly isUnwitnessed?: boolean;
}

/**
 * Puts a backup in the place of a database, after it was found whole, its log consistent, and no witness has cosigned a
 * newer state of the log: going on from an older one would sign two histories.
 *
 * @param database where it goes; must not be there, unless `replaces`, which keeps what was there under another name
 * @throws {BackupError}
 */
export async function restoreBackup(
  folder: string,
  database: string,
  owner: Owner,
  { witnesses, replaces, isUnwitnessed = false }: RestoreOptions,
): Promise<Restored> {
  const manifest = await readManifest(folder);
  if (manifest.role !== owner.role || manifest.self !== owner.self) {
    throw new BackupError('backup_of_another', `of ${manifest.role} ${manifest.self}`);
  }
  const copy = join(folder, DATABASE);
  if ((await digestFile(copy)) !== manifest.sha256)
    throw new BackupError('backup_damaged', 'the digest does not match');
  const isThere = await stat(database).then(
    () => true,
    () => false,
  );
  if (isThere && !replaces) throw new BackupError('target_in_use', database);
  const draft = `${database}.restoring`;
  await removeDatabase(draft);
  await copyFile(copy, draft);
  try {
    requireWhole(draft);
    const { leaves, asked } =
      owner.role === 'exchange' ? await checkLog(draft, witnesses, isUnwitnessed) : await checkGateway(draft);
    if (isThere) {
      const aside = `${database}.before-${manifest.at.replaceAll(/[^0-9]/g, '')}`;
      for (const end of ['', '-wal', '-shm']) await rename(database + end, aside + end).catch(ignoreMissing);
    }
    await rename(draft, database);
    return { manifest, leaves, asked };
  } finally {
    await removeDatabase(draft);
  }
}

/** Opening brings the tables up to this release; the log must be what its newest checkpoint commits to. */
async function checkLog(path: string, witnesses: readonly Witness[], isUnwitnessed: boolean) {
  const stores = openSqliteExchangeStores(path);
  try {
    const checkpoint = await stores.evidence.readLatestCheckpoint();
    const size = checkpoint?.size ?? 0;
    if (checkpoint && encodeHex(await computeRoot(stores.evidence, size)) !== encodeHex(checkpoint.root)) {
      throw new BackupError('log_damaged', `the leaves do not lead to the root of ${size}`);
    }
    const sizes = checkpoint ? await askWitnesses(witnesses, size, checkpoint.note) : [];
    const newer = sizes.find((seen) => seen !== null && seen > size);
    if (newer !== undefined) {
      throw new BackupError(
        'log_would_fork',
        `the backup ends at ${size} leaves, a witness has cosigned ${newer}: restore a newer backup, or begin a new log ` +
          'with another logOrigin and log key and keep this one as it is',
      );
    }
    const asked = sizes.filter((seen) => seen !== null).length;
    if (asked === 0 && sizes.length > 0 && !isUnwitnessed) {
      throw new BackupError(
        'witnesses_silent',
        `none of ${sizes.length} witnesses could be asked whether the log went further than ${size} leaves: have them ` +
          'answer, or say --unwitnessed where you know that it did not',
      );
    }
    return { leaves: size, asked };
  } finally {
    await stores.close();
  }
}

async function checkGateway(path: string) {
  await openSqliteGatewayStores(path).close();
  return { leaves: 0, asked: 0 };
}

/** What each witness saw last: a size, or null where it could not be asked. */
function askWitnesses(
  witnesses: readonly Witness[],
  oldSize: number,
  note: string,
): Promise<readonly (number | null)[]> {
  const body = encodeAddCheckpoint({ oldSize, proof: [], note });
  return Promise.all(
    witnesses.map(async (witness) => {
      try {
        const answer = await witness.addCheckpoint(body);
        if (answer.kind === 'other_size') return answer.size;
        return answer.kind === 'cosigned' ? oldSize : null;
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw error;
        return null;
      }
    }),
  );
}

const BATCH = 4096;

/** The root over the stored leaves themselves (RFC 6962 §2.1), not over stored hashes. */
export async function computeRoot(evidence: EvidenceStore, size: number): Promise<Uint8Array> {
  // Roots of complete subtrees, largest first: the binary digits of the number of leaves so far.
  const stack: { readonly hash: Uint8Array; readonly leaves: number }[] = [];
  for (let begin = 0; begin < size; begin += BATCH) {
    const leaves = await evidence.readLeaves(begin, Math.min(size, begin + BATCH));
    if (leaves.length !== Math.min(size, begin + BATCH) - begin)
      throw new BackupError('log_damaged', 'leaves are missing');
    for (const leaf of leaves) {
      let node = { hash: hashLeaf(leaf), leaves: 1 };
      for (let top = stack.at(-1); top?.leaves === node.leaves; top = stack.at(-1)) {
        stack.pop();
        node = { hash: hashNode(top.hash, node.hash), leaves: 2 * node.leaves };
      }
      stack.push(node);
    }
  }
  const hashes = stack.map(({ hash }) => hash);
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => hashNode(left, right));
}

function requireWhole(path: string): void {
  const connection = new Database(path);
  try {
    const verdict: unknown = connection.pragma('integrity_check', { simple: true });
    if (verdict !== 'ok') throw new BackupError('backup_damaged', 'the database is not whole');
  } finally {
    connection.close();
  }
}

async function readManifest(folder: string): Promise<BackupManifest> {
  try {
    return BackupManifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch (cause) {
    throw new BackupError('backup_unreadable', folder, { cause });
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

async function removeDatabase(path: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(path + end, { force: true });
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
