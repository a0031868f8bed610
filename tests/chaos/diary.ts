import type { Envelope } from '#api/contract/envelope.ts';
import type { GatewayStores } from '#api/storage/gateway-stores.ts';
import type { OutgoingEnvelope } from '#api/storage/post-office.ts';
import { openPostgres } from '#api/storage/postgres/database.ts';
import { createPostgresGatewayStores, GATEWAY_SCHEMAS } from '#api/storage/postgres/gateway-stores.ts';
import { enqueueEnvelope as enqueueInPostgres, noteHandled as noteInPostgres } from '#api/storage/postgres/outbox.ts';
import type { PostgresSchema } from '#api/storage/postgres/schema.ts';
import { sql } from '#api/storage/postgres/statement.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteGatewayStores, GATEWAY_SCHEMAS as SQLITE_SCHEMAS } from '#api/storage/sqlite/gateway-stores.ts';
import { enqueueEnvelope, noteHandled } from '#api/storage/sqlite/post-office.ts';
import type { Place } from './network.ts';

export interface SentLetter {
  readonly envelope: string;
  readonly letter: string;
  /** Null while the exchange has not accepted it. */
  readonly state: string | null;
}

export interface ReceivedLetter {
  readonly envelope: string;
  readonly letter: string;
}

/**
 * What a gateway wrote and what it got, in the same database as its post office and in the same commits: the two logs that
 * the checker compares.
 */
export interface Diary {
  readonly stores: GatewayStores;
  countWritten(): Promise<number>;
  countReceived(): Promise<number>;
  write(outgoing: OutgoingEnvelope, letter: string): Promise<void>;
  receive(envelope: Envelope, letter: string, at: Date): Promise<void>;
  /** Letters whose end is not known here yet. */
  countUnfinished(): Promise<number>;
  /** In the order of writing. */
  listSent(): Promise<readonly SentLetter[]>;
  /** In the order of arrival; as often as they arrived. */
  listReceived(): Promise<readonly ReceivedLetter[]>;
  close(): Promise<void>;
}

const TABLES = (number: string) => `
  CREATE TABLE chaos_sent (number ${number}, envelope TEXT NOT NULL, letter TEXT NOT NULL);
  CREATE TABLE chaos_received (number ${number}, envelope TEXT NOT NULL, letter TEXT NOT NULL)`;
const SENT = 'INSERT INTO chaos_sent (envelope, letter) VALUES';
const RECEIVED = 'INSERT INTO chaos_received (envelope, letter) VALUES';
const LIST_SENT = `SELECT envelope, letter, outbox.state FROM chaos_sent JOIN outbox ON outbox.id = chaos_sent.envelope
  ORDER BY number`;
const LIST_RECEIVED = 'SELECT envelope, letter FROM chaos_received ORDER BY number';
const COUNT_WRITTEN = 'SELECT count(*) AS count FROM chaos_sent';
const COUNT_RECEIVED = 'SELECT count(*) AS count FROM chaos_received';
const COUNT_UNFINISHED = `SELECT count(*) AS count FROM outbox
  WHERE state IS NULL OR state NOT IN ('acknowledged', 'expired', 'refused')`;

export const openDiary = (place: Place, institution: string): Promise<Diary> =>
  typeof place === 'string' ? Promise.resolve(openSqliteDiary(place)) : openPostgresDiary(place, institution);

function openSqliteDiary(path: string): Diary {
  const schema = { name: 'chaos', migrations: [TABLES('INTEGER PRIMARY KEY AUTOINCREMENT')] };
  const database = openSqlite(path, [...SQLITE_SCHEMAS, schema]);
  const { connection } = database;
  const insertSent = connection.prepare<[string, string]>(`${SENT} (?, ?)`);
  const insertReceived = connection.prepare<[string, string]>(`${RECEIVED} (?, ?)`);
  const count = (text: string) => connection.prepare<[], { count: number }>(text).get()?.count ?? 0;
  return {
    stores: createSqliteGatewayStores(database),
    countWritten: () => Promise.resolve(count(COUNT_WRITTEN)),
    countReceived: () => Promise.resolve(count(COUNT_RECEIVED)),
    write: (outgoing, letter) =>
      database.write((db) => {
        enqueueEnvelope(db, outgoing);
        insertSent.run(outgoing.id, letter);
      }),
    receive: ({ id }, letter, at) =>
      database.write((db) => {
        if (noteHandled(db, id, at)) insertReceived.run(id, letter);
      }),
    countUnfinished: () => Promise.resolve(count(COUNT_UNFINISHED)),
    listSent: () => Promise.resolve(connection.prepare<[], SentLetter>(LIST_SENT).all()),
    listReceived: () => Promise.resolve(connection.prepare<[], ReceivedLetter>(LIST_RECEIVED).all()),
    close: () => database.close(),
  };
}

async function openPostgresDiary(place: Exclude<Place, string>, institution: string): Promise<Diary> {
  const tables = { chaos_sent: { by: 'number' }, chaos_received: { by: 'number' } };
  const schema: PostgresSchema = { name: 'chaos', tables, migrations: [TABLES('BIGSERIAL PRIMARY KEY')] };
  const { url, schema: namespace, connections } = place;
  const database = await openPostgres({ url, namespace, connections }, [...GATEWAY_SCHEMAS, schema], Math.random);
  const count = async (text: string) => (await database.first(sql<{ count: number }>(text)))?.count ?? 0;
  return {
    stores: createPostgresGatewayStores(database, institution),
    countWritten: () => count(COUNT_WRITTEN),
    countReceived: () => count(COUNT_RECEIVED),
    write: (outgoing, letter) =>
      database.write(async (tx) => {
        await enqueueInPostgres(tx, institution, outgoing);
        await tx.run(sql(`${SENT} ($1, $2)`), outgoing.id, letter);
      }),
    receive: ({ id }, letter, at) =>
      database.write(async (tx) => {
        if (await noteInPostgres(tx, institution, id, at)) await tx.run(sql(`${RECEIVED} ($1, $2)`), id, letter);
      }),
    countUnfinished: () => count(COUNT_UNFINISHED),
    listSent: () => database.all(sql<SentLetter>(LIST_SENT)),
    listReceived: () => database.all(sql<ReceivedLetter>(LIST_RECEIVED)),
    close: () => database.close(),
  };
}
