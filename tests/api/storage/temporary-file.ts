import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqlite, type Schema, type SqliteDatabase } from '#api/storage/sqlite/database.ts';

/** A path for a database file that goes with the test. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'test.sqlite');
}

/** A database that is closed with the test. */
export function temporaryDatabase(schemas: readonly Schema[], path = temporaryFile()): SqliteDatabase {
  const database = openSqlite(path, schemas);
  onTestFinished(() => database.close());
  return database;
}
