import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../../api/contract/encoding.ts';
import { isSameBytes } from '../../../api/contract/evidence/canonical-text.ts';
import { commitRecord } from '../../../api/contract/evidence/commitment.ts';
import { hashLeaf } from '../../../api/contract/evidence/tree-hash.ts';
import { verifyInclusion } from '../../../api/contract/evidence/merkle-verify.ts';
import { parseTlogProof } from '../../../api/contract/evidence/tlog-proof.ts';
import { createEvidenceLog } from '../../../api/evidence/log.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { openSqlite, type Schema } from '../../../api/storage/sqlite/database.ts';
import { eraseDurably } from '../../../api/storage/sqlite/erase.ts';
import { appendLeaf, createSqliteEvidenceStore, evidenceSchema } from '../../../api/storage/sqlite/evidence.ts';
import { ORIGIN } from './evidence-fixture.ts';

const visitSchema: Schema = {
  name: 'visits-of-this-test',
  migrations: [`CREATE TABLE visit (subject TEXT, record TEXT, salt BLOB, leaf INTEGER PRIMARY KEY) STRICT`],
};

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A log on disk in which two people's visits alternate. */
async function openLedger(count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'forgetting-'));
  folders.push(folder);
  const database = openSqlite(join(folder, 'log.sqlite'), [evidenceSchema, visitSchema]);
  const store = createSqliteEvidenceStore(database);
  const signer = await importNoteSigner(ORIGIN, await createNoteSigningJwk());
  const log = await createEvidenceLog({ store, signer, origin: ORIGIN, clock: () => new Date() });
  const visits = Array.from({ length: count }, (_, n) => ({
    subject: n % 2 === 0 ? 'sato' : 'suzuki',
    record: `header.record-number-${n}.signature`,
    salt: crypto.getRandomValues(new Uint8Array(32)),
  }));
  for (const { subject, record, salt } of visits) {
    await database.write((db) => {
      const leaf = appendLeaf(db, commitRecord(record, salt));
      db.prepare('INSERT INTO visit VALUES (?, ?, ?, ?)').run(subject, record, salt, leaf);
    });
  }
  await log.integrate();
  const isOnDisk = (bytes: Uint8Array) =>
    readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(Buffer.from(bytes)));
  const forget = (subject: string) =>
    eraseDurably(database, (db) => db.prepare('DELETE FROM visit WHERE subject = ?').run(subject).changes);
  return { database, store, log, visits, isOnDisk, forget };
}

describe('forgetting a person', () => {
  it('takes records and salts out of the files, and leaves everyone else’s', async () => {
    const { database, visits, isOnDisk, forget } = await openLedger(40);
    const [sato, suzuki] = visits;
    expect([isOnDisk(sato!.salt), isOnDisk(encodeUtf8(sato!.record))]).toEqual([true, true]);
    expect(await forget('sato')).toBe(20);
    for (const { subject, salt, record } of visits) {
      const expected = subject === 'suzuki';
      expect([isOnDisk(salt), isOnDisk(encodeUtf8(record))]).toEqual([expected, expected]);
    }
    expect(isOnDisk(suzuki!.salt)).toBe(true);
    await database.close();
  });

  it('leaves a tree that still verifies, for others and as a whole', async () => {
    const { database, store, log, visits, forget } = await openLedger(9);
    const before = await log.latestCheckpoint();
    await forget('sato');
    const { hashes, signedCheckpoint } = parseTlogProof(await log.proofFor(1));
    const { size, root } = signedCheckpoint.checkpoint;
    const leafHash = hashLeaf(commitRecord(visits[1]!.record, visits[1]!.salt));
    expect(verifyInclusion({ index: 1, size, leafHash, root, proof: hashes })).toBe(true);

    await database.write((db) => appendLeaf(db, commitRecord('a.b.c', new Uint8Array(32))));
    const signer = await importNoteSigner(ORIGIN, await createNoteSigningJwk());
    // A fresh start checks the stored tiles against the signed root before it grows the tree.
    const reopened = await createEvidenceLog({ store, signer, origin: ORIGIN, clock: () => new Date() });
    expect((await reopened.latestCheckpoint()).size).toBe(before.size + 1);
    await database.close();
  });

  it('leaves leaves that nobody can link, not even who knows the records', async () => {
    const { database, store, visits, forget } = await openLedger(20);
    await forget('sato');
    const leaves = await store.readLeaves(0, 20);
    const forgotten = visits.filter(({ subject }) => subject === 'sato');
    // The attacker knows every record, every remaining salt, and guesses the usual: none, zero, the record itself.
    const salts = [
      new Uint8Array(32),
      new Uint8Array(32).fill(255),
      ...visits.filter(({ subject }) => subject === 'suzuki').map(({ salt }) => salt),
      ...leaves,
    ];
    const links = forgotten.flatMap(({ record }) =>
      salts.filter((salt) => leaves.some((leaf) => isSameBytes(leaf, commitRecord(record, salt)))),
    );
    expect(links).toEqual([]);
    await database.close();
  });

  it('leaves nothing that tells two leaves of one record apart from two of different records', () => {
    const salt = () => crypto.getRandomValues(new Uint8Array(32));
    const commitments = [commitRecord('a.b.c', salt()), commitRecord('a.b.c', salt())];
    expect(commitments[0]).not.toEqual(commitments[1]);
    expect(new Set(commitments.map(({ length }) => length))).toEqual(new Set([32]));
  });
});
