import { Problem } from '../../contract/problem.ts';
import type { DispensingStore } from '../dispensings.ts';
import {
  toOurDispensing,
  toPrescriptionUse,
  type OurDispensingRow,
  type PrescriptionUseRow,
} from '../rows/dispensings.ts';
import { queueEvents } from './access-outbox.ts';
import type { Schema, SqliteDatabase } from './database.ts';
import { enqueueEnvelope, noteHandled } from './post-office.ts';

/** Needs `postOfficeSchema` and `accessOutboxSchema` in the same database: all change in one commit. */
export const dispensingsSchema: Schema = {
  name: 'dispensings',
  migrations: [
    `CREATE TABLE our_dispensing (
       request_id TEXT NOT NULL, document_id TEXT NOT NULL, id TEXT NOT NULL, dispensed_at INTEGER NOT NULL,
       envelope_id TEXT NOT NULL, PRIMARY KEY (request_id, document_id)) STRICT;
     CREATE TABLE prescription_use (
       document_id TEXT PRIMARY KEY, id TEXT NOT NULL, institution TEXT NOT NULL, used_at INTEGER NOT NULL,
       jws TEXT NOT NULL) STRICT;`,
  ],
};

/** Uses of prescriptions in an embedded database that was opened with `dispensingsSchema` and those that it needs. */
export function createSqliteDispensingStore(database: SqliteDatabase): DispensingStore {
  const { connection } = database;
  const selectOurs = connection.prepare<[string, string], OurDispensingRow>(
    'SELECT * FROM our_dispensing WHERE request_id = ? AND document_id = ?',
  );
  const selectForRequest = connection.prepare<[string], OurDispensingRow>(
    'SELECT * FROM our_dispensing WHERE request_id = ? ORDER BY dispensed_at',
  );
  const insertOurs = connection.prepare('INSERT INTO our_dispensing VALUES (?, ?, ?, ?, ?)');
  const selectUse = connection.prepare<[string], PrescriptionUseRow>(
    'SELECT * FROM prescription_use WHERE document_id = ?',
  );
  const insertUse = connection.prepare('INSERT INTO prescription_use VALUES (?, ?, ?, ?, ?)');

  return {
    post: ({ id, requestId, documentId, dispensedAt }, outgoing) =>
      database.write((db) => {
        const known = selectOurs.get(requestId, documentId);
        if (known) return toOurDispensing(known);
        insertOurs.run(requestId, documentId, id, dispensedAt.getTime(), outgoing.id);
        enqueueEnvelope(db, outgoing);
        return { id, requestId, documentId, dispensedAt, envelopeId: outgoing.id };
      }),
    listForRequest: (requestId) => Promise.resolve(selectForRequest.all(requestId).map(toOurDispensing)),
    receive: ({ id, documentId, by, at, jws }, arrival, events) =>
      database.write((db) => {
        const known = selectUse.get(documentId);
        if (known && known.id !== id) throw new Problem('prescription_used', 'another answer came first');
        if (!noteHandled(db, arrival.envelopeId, arrival.at) || known) return;
        insertUse.run(documentId, id, by, at.getTime(), jws);
        queueEvents(db, events);
      }),
    readUses: (documentIds) =>
      Promise.resolve(
        new Map(
          documentIds.flatMap((documentId) => {
            const row = selectUse.get(documentId);
            return row ? [[documentId, toPrescriptionUse(row)] as const] : [];
          }),
        ),
      ),
  };
}
