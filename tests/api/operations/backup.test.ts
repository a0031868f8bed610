import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { computeRoot, makeBackup, restoreBackup } from '#api/operations/backup.ts';
import { createEvidenceLog } from '#api/evidence/log.ts';
import type { Witness } from '#api/evidence/witness.ts';
import { digest } from '#api/contract/encoding.ts';
import { EvidenceError } from '#api/contract/evidence/errors.ts';
import { createNoteSigningJwk, importNoteSigner } from '#api/contract/evidence/note-signer.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { appendLeaf } from '#api/storage/sqlite/evidence.ts';
import {
  createSqliteExchangeStores,
  EXCHANGE_SCHEMAS,
  openSqliteExchangeStores,
} from '#api/storage/sqlite/exchange-stores.ts';

const OWNER = { role: 'exchange', self: 'east' } as const;
const NOW = () => new Date('2026-11-23T03:00:00Z');
const FREE = { witnesses: [], replaces: false };

/** An exchange's log that grows, in a file of its own. */
async function openLog() {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'east.sqlite');
  const database = openSqlite(path, EXCHANGE_SCHEMAS);
  const stores = createSqliteExchangeStores(database);
  const signer = await importNoteSigner('log.example/east', await createNoteSigningJwk());
  const log = await createEvidenceLog({ store: stores.evidence, signer, origin: 'log.example/east', clock: NOW });
  let written = 0;
  return {
    ...{ folder, path, stores, verifier: signer.verifier },
    /** Appends leaves, each durable when this resolves. */
    async grow(count: number) {
      for (let i = 0; i < count; i += 1) {
        const leaf = digest(`leaf ${written}`);
        await database.write((connection) => appendLeaf(connection, leaf));
        written += 1;
      }
    },
    integrate: () => log.integrate(),
    count: () => written,
    close: () => stores.close(),
  };
}

const answering = (size: number, verifier: Witness['verifier']): Witness => ({
  verifier,
  addCheckpoint: () => Promise.resolve({ kind: 'other_size', status: 409, size }),
});

describe('a backup', () => {
  it('made while writes go on holds everything that was acknowledged before, and its log is consistent', async () => {
    const log = await openLog();
    await log.grow(300);
    await log.integrate();
    const acknowledged = log.count();
    const writing = log.grow(200);
    await makeBackup(log.path, join(log.folder, 'backup'), OWNER, NOW);
    await writing;
    await log.integrate();
    await log.close();

    const target = join(log.folder, 'restored.sqlite');
    const restored = await restoreBackup(join(log.folder, 'backup'), target, OWNER, FREE);
    expect(restored.leaves).toBeGreaterThanOrEqual(300);
    const stores = openSqliteExchangeStores(target);
    expect(await stores.evidence.readLeafCount()).toBeGreaterThanOrEqual(acknowledged);
    const checkpoint = await stores.evidence.readLatestCheckpoint();
    expect(await computeRoot(stores.evidence, checkpoint!.size)).toEqual(checkpoint!.root);
    await stores.close();
    expect(readdirSync(log.folder).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('is refused where newer states of the log were published: going on from it would fork the log', async () => {
    const log = await openLog();
    await log.grow(3);
    await log.integrate();
    await makeBackup(log.path, join(log.folder, 'backup'), OWNER, NOW);
    await log.close();
    const restore = (size: number) =>
      restoreBackup(join(log.folder, 'backup'), join(log.folder, 'restored.sqlite'), OWNER, {
        ...{ witnesses: [answering(size, log.verifier)], replaces: false },
      });
    await expect(restore(4)).rejects.toMatchObject({ code: 'log_would_fork' });
    expect(readdirSync(log.folder)).not.toContain('restored.sqlite');
    expect(await restore(3)).toMatchObject({ leaves: 3, asked: 1 });
  });

  it('is refused where no witness can be asked, but for somebody who knows', async () => {
    const log = await openLog();
    await log.grow(3);
    await log.integrate();
    const folder = join(log.folder, 'backup');
    await makeBackup(log.path, folder, OWNER, NOW);
    await log.close();
    const away = () => Promise.reject(new EvidenceError('witness_unreachable', 'away'));
    const silent: Witness = { verifier: log.verifier, addCheckpoint: away };
    const target = join(log.folder, 'restored.sqlite');
    const asked = { witnesses: [silent], replaces: false };
    await expect(restoreBackup(folder, target, OWNER, asked)).rejects.toMatchObject({ code: 'witnesses_silent' });
    expect(readdirSync(log.folder)).not.toContain('restored.sqlite');
    const one = { ...asked, witnesses: [silent, answering(3, log.verifier)] };
    expect(await restoreBackup(folder, target, OWNER, one)).toMatchObject({ leaves: 3, asked: 1 });
    const known = { ...asked, replaces: true, isUnwitnessed: true };
    expect(await restoreBackup(folder, target, OWNER, known)).toMatchObject({ leaves: 3, asked: 0 });
  });

  it('is not made over what is there, nor of what is not', async () => {
    const log = await openLog();
    const folder = join(log.folder, 'backup');
    await makeBackup(log.path, folder, OWNER, NOW);
    await expect(makeBackup(log.path, folder, OWNER, NOW)).rejects.toMatchObject({ code: 'folder_in_use' });
    const missing = join(log.folder, 'missing.sqlite');
    const other = join(log.folder, 'other');
    await expect(makeBackup(missing, other, OWNER, NOW)).rejects.toMatchObject({ code: 'database_unreadable' });
    await log.close();
  });

  it('is refused when it is damaged, of another, or would overwrite', async () => {
    const log = await openLog();
    const folder = join(log.folder, 'backup');
    await log.grow(1);
    await makeBackup(log.path, folder, OWNER, NOW);
    await log.close();
    const restore = (
      owner: Parameters<typeof restoreBackup>[2] = OWNER,
      target = join(log.folder, 'restored.sqlite'),
    ) => restoreBackup(folder, target, owner, FREE);
    await expect(restore({ role: 'exchange', self: 'west' })).rejects.toMatchObject({ code: 'backup_of_another' });
    await expect(restore(OWNER, log.path)).rejects.toMatchObject({ code: 'target_in_use' });
    const copy = join(folder, 'database.sqlite');
    const bytes = readFileSync(copy);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(copy, bytes);
    await expect(restore()).rejects.toMatchObject({ code: 'backup_damaged' });
    rmSync(join(folder, 'manifest.json'));
    await expect(restore()).rejects.toMatchObject({ code: 'backup_unreadable' });
  });

  it('is refused when its log does not lead to its root', async () => {
    const log = await openLog();
    await log.grow(5);
    await log.integrate();
    await log.close();
    const database = openSqlite(log.path, EXCHANGE_SCHEMAS);
    database.connection.exec('UPDATE evidence_leaf SET commitment = zeroblob(32) WHERE idx = 2');
    await database.close();
    await makeBackup(log.path, join(log.folder, 'backup'), OWNER, NOW);
    await expect(
      restoreBackup(join(log.folder, 'backup'), join(log.folder, 'restored.sqlite'), OWNER, FREE),
    ).rejects.toMatchObject({ code: 'log_damaged' });
  });
});
