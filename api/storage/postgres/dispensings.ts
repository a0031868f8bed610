import type { InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import type { DispensingStore } from '../dispensings.ts';
import {
  toOurDispensing,
  toPrescriptionUse,
  type OurDispensingRow,
  type PrescriptionUseRow,
} from '../rows/dispensings.ts';
import { queueEvents } from './access-outbox.ts';
import type { PostgresDatabase } from './database.ts';
import { enqueueEnvelope, noteHandled } from './outbox.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

/** Needs `postOfficeSchema` and `accessOutboxSchema` in the same database: all change in one commit. */
export const dispensingsSchema: PostgresSchema = {
  name: 'dispensings',
  tables: { our_dispensing: { by: 'institution' }, prescription_use: { by: 'issuer' } },
  migrations: [
    `CREATE TABLE our_dispensing (
       institution TEXT NOT NULL, request_id TEXT NOT NULL, document_id TEXT NOT NULL, id TEXT NOT NULL,
       dispensed_at BIGINT NOT NULL, envelope_id TEXT NOT NULL, PRIMARY KEY (institution, request_id, document_id));
     CREATE TABLE prescription_use (
       issuer TEXT NOT NULL, document_id TEXT NOT NULL, id TEXT NOT NULL, institution TEXT NOT NULL,
       used_at BIGINT NOT NULL, jws TEXT NOT NULL, PRIMARY KEY (issuer, document_id));`,
  ],
};

const INSERT_OURS = sql('INSERT INTO our_dispensing VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING');
const SELECT_OURS = sql<OurDispensingRow>(
  'SELECT * FROM our_dispensing WHERE institution = $1 AND request_id = $2 AND document_id = $3',
);
const SELECT_FOR_REQUEST = sql<OurDispensingRow>(
  'SELECT * FROM our_dispensing WHERE institution = $1 AND request_id = $2 ORDER BY dispensed_at',
);
const INSERT_USE = sql('INSERT INTO prescription_use VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING');
const SELECT_USE = sql<PrescriptionUseRow>('SELECT * FROM prescription_use WHERE issuer = $1 AND document_id = $2');
const SELECT_USES = sql<PrescriptionUseRow & { document_id: string }>(
  'SELECT * FROM prescription_use WHERE issuer = $1 AND document_id = ANY ($2::text[])',
);

/** Uses of prescriptions at one institution, in a database that was opened with `dispensingsSchema` and those that it needs. */
export const createPostgresDispensingStore = (
  database: PostgresDatabase,
  institution: InstitutionId,
): DispensingStore => ({
  post: ({ id, requestId, documentId, dispensedAt }, outgoing) =>
    database.write(async (tx) => {
      const values = [requestId, documentId, id, dispensedAt.getTime(), outgoing.id] as const;
      if ((await tx.run(INSERT_OURS, institution, ...values)) === 1) {
        await enqueueEnvelope(tx, institution, outgoing);
        return { id, requestId, documentId, dispensedAt, envelopeId: outgoing.id };
      }
      const known = await tx.first(SELECT_OURS, institution, requestId, documentId);
      if (!known) throw new Problem('unavailable', 'the row that was in the way is gone');
      return toOurDispensing(known);
    }),
  listForRequest: async (requestId) =>
    (await database.all(SELECT_FOR_REQUEST, institution, requestId)).map(toOurDispensing),
  receive: ({ id, documentId, by, at, jws }, arrival, events) =>
    database.write(async (tx) => {
      // Whatever came first is committed or undone before this returns.
      const isFirst = (await tx.run(INSERT_USE, institution, documentId, id, by, at.getTime(), jws)) === 1;
      const known = isFirst ? undefined : await tx.first(SELECT_USE, institution, documentId);
      if (known && known.id !== id) throw new Problem('prescription_used', 'another answer came first');
      if (!(await noteHandled(tx, institution, arrival.envelopeId, arrival.at)) || !isFirst) return;
      await queueEvents(tx, institution, events);
    }),
  readUses: async (documentIds) =>
    new Map(
      (await database.all(SELECT_USES, institution, documentIds)).map((row) => [
        row.document_id,
        toPrescriptionUse(row),
      ]),
    ),
});
