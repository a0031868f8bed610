import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBase64Url } from '../../api/contract/encoding.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../api/contract/evidence/note-signer.ts';
import { createId } from '../../api/contract/ids.ts';
import { createSigningJwk } from '../../api/contract/jose.ts';
import type { VisitRecord } from '../../api/contract/visit-record.ts';
import { createEvidenceLog } from '../../api/evidence/log.ts';
import { openSqlite, type Schema } from '../../api/storage/sqlite/database.ts';
import { createSqliteEvidenceStore, evidenceSchema } from '../../api/storage/sqlite/evidence.ts';
import { presenceSchema } from '../../api/storage/sqlite/presence.ts';
import { createSqliteVisitStore, visitsSchema } from '../../api/storage/sqlite/visits.ts';
import { createReceiptSource } from '../../api/visits/receipts.ts';
import { createImmediateSigner, createRecordSealer } from '../../api/visits/record-sealer.ts';

/** One row with the bytes that a visit is stored with, and nothing else: the store's own limit. */
const rowSchema: Schema = {
  name: 'bench-rows',
  migrations: ['CREATE TABLE row (id BLOB PRIMARY KEY, record TEXT NOT NULL, salt BLOB NOT NULL) STRICT'],
};

const PEOPLE = 10_000;
const INSTITUTIONS = 200;
const hash32 = encodeBase64Url(new Uint8Array(32));

/**
 * An exchange's visits, log and receipts in a database file of their own, with the code that serves them, under the
 * system's folder for temporary files.
 */
export async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-evidence-'));
  const database = openSqlite(join(folder, 'evidence.sqlite'), [
    evidenceSchema,
    presenceSchema,
    visitsSchema,
    rowSchema,
  ]);
  const origin = 'bench.example/evidence';
  const signer = await importNoteSigner(origin, await createNoteSigningJwk());
  const store = createSqliteEvidenceStore(database);
  const log = await createEvidenceLog({ store, signer, origin, clock: () => new Date() });
  const visits = createSqliteVisitStore(database);
  const receipts = createReceiptSource(visits, log);
  const seal = await createSealer();
  const insertRow = database.connection.prepare('INSERT INTO row VALUES (?, ?, ?)');
  let count = 0;
  return {
    ...{ database, store, log, visits, receipts, seal },
    /** The place in both chains, the signature, the record, the salt, the used proof and the leaf, in one durable step. */
    accept: () => {
      const n = (count += 1);
      const id = createId();
      const subject = encodeBase64Url(Buffer.from(String(n % PEOPLE).padStart(32, '0')));
      const institution = `sakura/13${String(n % INSTITUTIONS).padStart(8, '0')}`;
      const use = { id, challenge: null, usedAt: new Date() };
      return visits.accept(
        { id, institution, subject, submissionId: createId(), submissionHash: hash32, use },
        (place) => seal({ ...VISIT, id, subject, institution, ...place }),
      );
    },
    /** The same bytes in one row. */
    insertRow: (record: string) => database.write(() => insertRow.run(randomBytes(16), record, randomBytes(64))),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The claims of a visit record, apart from who, where and the place in its chains. */
export const VISIT = {
  version: 1,
  iss: 'east',
  presentedAt: '2026-04-01T00:00:00.000Z',
  notBefore: '2026-04-01T00:00:00.000Z',
  acceptedAt: '2026-04-01T00:00:01.000Z',
  proofMethod: 'mynumber-tap',
  simulated: true,
  freshness: { kind: 'challenge', challenge: hash32 },
  presenceHash: hash32,
  coverage: { status: 'valid', checkedAt: '2026-04-01T00:00:00.500Z', answerHash: hash32, simulated: true },
} as const satisfies Partial<VisitRecord>;

/** Signs records as the exchange does: without waiting, inside the transaction. */
export const createSealer = async () => createRecordSealer(await createImmediateSigner(await createSigningJwk()));
