import type Database from 'better-sqlite3';
import type { SqliteDatabase } from './database.ts';

/**
 * Runs a deletion so that what it deletes leaves the files too: freed bytes are overwritten, and the write-ahead log,
 * which holds pages as they were, is emptied.
 *
 * What a disk keeps beneath the file system and what backups hold is beyond this; salts that must vanish for certain
 * belong on an encrypted volume and into backups that expire.
 *
 * @throws {RangeError} when a reader keeps the write-ahead log from being emptied: the deletion stands, call again
 */
export async function eraseDurably<T>(
  database: SqliteDatabase,
  work: (connection: Database.Database) => T,
): Promise<T> {
  database.connection.pragma('secure_delete = ON');
  const result = await database.write(work);
  const [outcome] = database.connection.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
  if (outcome?.busy !== 0) throw new RangeError('the write-ahead log is in use and was not emptied');
  return result;
}
