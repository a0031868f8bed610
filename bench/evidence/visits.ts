import { randomBytes } from 'node:crypto';
import { commitRecord } from '../../api/contract/evidence/commitment.ts';
import { appendLeaf } from '../../api/storage/sqlite/evidence.ts';
import type { Schema, SqliteDatabase } from '../../api/storage/sqlite/database.ts';

/** A table with the bytes a visit keeps beside its leaf: record, salt, leaf index. */
export const visitSchema: Schema = {
  name: 'bench-visits',
  migrations: [
    'CREATE TABLE visit (id BLOB PRIMARY KEY, record TEXT NOT NULL, salt BLOB NOT NULL, leaf INTEGER) STRICT',
  ],
};

export interface StoredVisit {
  readonly leaf: number;
}

/** Stores visits with their leaves, as accepting a visit does. */
export function createVisitWriter(database: SqliteDatabase) {
  const insert = database.connection.prepare('INSERT INTO visit (id, record, salt, leaf) VALUES (?, ?, ?, ?)');
  return {
    /** Record, salt and leaf in one durable commit. */
    append(record: string): Promise<StoredVisit> {
      const salt = randomBytes(32);
      const commitment = commitRecord(record, salt);
      return database.write((connection) => {
        const leaf = appendLeaf(connection, commitment);
        insert.run(randomBytes(16), record, salt, leaf);
        return { leaf };
      });
    },
    /** The same bytes in one row and nothing else: the store's own limit. */
    insertOnly(record: string): Promise<unknown> {
      const salt = randomBytes(64);
      return database.write(() => insert.run(randomBytes(16), record, salt, null));
    },
  };
}
