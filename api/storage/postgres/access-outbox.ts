import type { InstitutionId } from '../../contract/ids.ts';
import type { AccessOutbox, QueuedAccessEvent } from '../access-outbox.ts';
import { toKeptEvent, type OutboxEventRow } from '../rows/access-outbox.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql, type Queries } from './statement.ts';

export const accessOutboxSchema: PostgresSchema = {
  name: 'access-outbox',
  tables: { access_outbox: { by: 'institution' } },
  migrations: [
    `CREATE TABLE access_outbox (
       institution TEXT NOT NULL, sequence BIGSERIAL, id TEXT NOT NULL, jws TEXT NOT NULL, taken_at BIGINT,
       PRIMARY KEY (institution, id));
     CREATE INDEX access_outbox_untaken ON access_outbox (institution, sequence) WHERE taken_at IS NULL;`,
  ],
};

const INSERT = sql('INSERT INTO access_outbox (institution, id, jws) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING');
const SELECT_UNTAKEN = sql<OutboxEventRow>(
  'SELECT * FROM access_outbox WHERE institution = $1 AND taken_at IS NULL ORDER BY sequence LIMIT $2',
);
const SELECT_ALL = sql<OutboxEventRow>('SELECT * FROM access_outbox WHERE institution = $1 ORDER BY sequence DESC');
const SELECT = sql<OutboxEventRow>('SELECT * FROM access_outbox WHERE institution = $1 AND id = ANY ($2::text[])');
const UPDATE = sql(
  `UPDATE access_outbox SET taken_at = $3 WHERE institution = $1 AND id = ANY ($2::text[]) AND taken_at IS NULL`,
);

/** Queues events, beside the statements of the same transaction that store what they are about. */
export async function queueEvents(
  tx: Queries,
  institution: InstitutionId,
  events: readonly QueuedAccessEvent[],
): Promise<void> {
  for (const { id, jws } of events) await tx.run(INSERT, institution, id, jws);
}

/** The access events of one institution in a database that was opened with `accessOutboxSchema`. */
export const createPostgresAccessOutbox = (database: PostgresDatabase, institution: InstitutionId): AccessOutbox => ({
  readUntaken: async (count) =>
    (await database.all(SELECT_UNTAKEN, institution, count)).map(({ id, jws }) => ({ id, jws })),
  noteTaken: (ids, at) => database.write(async (tx) => void (await tx.run(UPDATE, institution, ids, at.getTime()))),
  list: async () => (await database.all(SELECT_ALL, institution)).map(toKeptEvent),
  find: async (ids) => new Map((await database.all(SELECT, institution, ids)).map((row) => [row.id, toKeptEvent(row)])),
});
