import Database from 'better-sqlite3';
import { planOnce } from './plan-once.ts';

/** The forward-only history of one store's tables: entry n brings version n to n + 1 and is never edited once released. */
export interface Schema {
  readonly name: string;
  readonly migrations: readonly string[];
}

/**
 * One embedded database: WAL, `synchronous=FULL`, grouped commits.
 *
 * `write` resolves only after the transaction that holds the work is on disk: whoever answers a request after
 * awaiting it has acknowledged something durable.
 */
export interface SqliteDatabase {
  /** For reads. Writing through it would bypass the grouping. */
  readonly connection: Database.Database;
  /**
   * Runs `work` inside the next grouped transaction. Work that throws is undone alone and rejects its own caller;
   * a commit that fails (full disk) rejects all of the group, and nothing of it is stored.
   *
   * `work` may be undone and run again when another of the group throws: what it changes, it changes in the database.
   */
  write<T>(work: (connection: Database.Database) => T): Promise<T>;
  close(): Promise<void>;
}

interface Pending {
  /** Throws what the work throws. */
  run(connection: Database.Database): void;
  /** Its own failure; nothing of it is left in the transaction. */
  refuse(failure: Error): void;
  settle(failure?: Error): void;
}

/** Opens or creates the file, then brings every schema up to its newest version. `:memory:` is for tests. */
export function openSqlite(path: string, schemas: readonly Schema[]): SqliteDatabase {
  const connection = new Database(path);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('busy_timeout = 5000');
  // Pages: 16 MiB. What is stored and deleted again soon, like mail, never reaches the database's file, and a checkpoint's two
  // syncs come a quarter as often as with the default.
  connection.pragma('wal_autocheckpoint = 4000');
  migrate(connection, schemas);
  const prepare = connection.prepare.bind(connection);
  Object.defineProperty(connection, 'prepare', { value: (statement: string) => prepare(planOnce(statement)) });

  let queue: Pending[] = [];
  let flushing: Promise<void> | undefined;
  let isClosed = false;

  const flush = () => {
    const group = queue;
    queue = [];
    flushing = undefined;
    commitGroup(connection, group);
  };

  return {
    connection,
    write(work) {
      if (isClosed) return Promise.reject(new TypeError('the database is closed'));
      return new Promise((resolve, reject) => {
        let outcome: ReturnType<typeof work>;
        let ownFailure: Error | undefined;
        queue.push({
          run(db) {
            outcome = work(db);
          },
          refuse(failure) {
            ownFailure = failure;
          },
          settle(failure) {
            if (failure) reject(failure);
            else if (ownFailure) reject(ownFailure);
            else resolve(outcome);
          },
        });
        flushing ??= new Promise((done) => setImmediate(() => done(flush())));
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await flushing;
      connection.close();
    },
  };
}

function commitGroup(connection: Database.Database, group: readonly Pending[]): void {
  try {
    if (!commitTogether(connection, group)) commitApart(connection, group);
  } catch (failure) {
    group.forEach((pending) => pending.settle(toError(failure)));
    return;
  }
  group.forEach((pending) => pending.settle());
}

/**
 * One transaction without savepoints, for which SQLite would copy every page before its first change after each of them:
 * that costs more than most work does. False when some work threw; then nothing was stored.
 */
function commitTogether(connection: Database.Database, group: readonly Pending[]): boolean {
  let isRefused = false;
  const runAll = connection.transaction(() => {
    isRefused = true;
    group.forEach((pending) => pending.run(connection));
    isRefused = false;
  });
  try {
    runAll.immediate();
  } catch (failure) {
    if (!isRefused) throw failure;
  }
  return !isRefused;
}

/** One transaction in which each work has its savepoint, and is undone alone when it throws. */
function commitApart(connection: Database.Database, group: readonly Pending[]): void {
  const runEach = connection.transaction(() => {
    for (const pending of group) {
      try {
        connection.transaction(() => pending.run(connection))();
      } catch (error) {
        // A full disk undoes the whole transaction; what came after would be stored without the rest.
        if (!connection.inTransaction) throw error;
        pending.refuse(toError(error));
      }
    }
  });
  runEach.immediate();
}

/** JavaScript can throw anything; work that does not throw an error is a defect of the caller. */
function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new TypeError('something else than an error was thrown', { cause: thrown });
}

function migrate(connection: Database.Database, schemas: readonly Schema[]): void {
  connection.exec('CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT');
  const readVersion = connection.prepare<[string], { version: number }>(
    'SELECT version FROM schema_version WHERE name = ?',
  );
  const writeVersion = connection.prepare(
    'INSERT INTO schema_version VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version',
  );
  for (const { name, migrations } of schemas) {
    const version = readVersion.get(name)?.version ?? 0;
    if (version > migrations.length)
      throw new RangeError(`${name} was written by a newer release (version ${version})`);
    connection.transaction(() => {
      migrations.slice(version).forEach((statement) => connection.exec(statement));
      writeVersion.run(name, migrations.length);
    })();
  }
}
