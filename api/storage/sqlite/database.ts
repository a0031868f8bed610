import Database from 'better-sqlite3';

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
   */
  write<T>(work: (connection: Database.Database) => T): Promise<T>;
  close(): Promise<void>;
}

interface Pending {
  run(connection: Database.Database): void;
  settle(failure?: Error): void;
}

/** Opens or creates the file, then brings every schema up to its newest version. `:memory:` is for tests. */
export function openSqlite(path: string, schemas: readonly Schema[]): SqliteDatabase {
  const connection = new Database(path);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('busy_timeout = 5000');
  migrate(connection, schemas);

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
            // Nested transaction: better-sqlite3 makes it a savepoint, undone alone when the work throws.
            try {
              outcome = db.transaction(() => work(db))();
            } catch (error) {
              ownFailure = toError(error);
            }
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
    connection.transaction(() => group.forEach((pending) => pending.run(connection))).immediate();
  } catch (failure) {
    group.forEach((pending) => pending.settle(toError(failure)));
    return;
  }
  group.forEach((pending) => pending.settle());
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
