import pg, { type CustomTypesConfig, type PoolClient, type PoolConfig } from 'pg';
import { translateFailure } from './failures.ts';
import { createGrouping } from './grouping.ts';
import { migrate, quoteName, type PostgresSchema } from './schema.ts';
import { listenOnPostgres, type PostgresSignals } from './signals.ts';
import { sql, type Queries } from './statement.ts';
import { inTransaction, queriesOn, type Work } from './transactions.ts';

/** Where the database is, and what is ours in it. */
export interface PostgresPlace {
  /** `postgresql://…`, as libpq writes it. */
  readonly url: string;
  /** The PostgreSQL schema that holds the tables; made when it does not exist. */
  readonly namespace: string;
  /** Connections of this process besides the one that listens; ten when left out. */
  readonly connections?: number;
}

/** One namespace of a PostgreSQL database, shared with other processes. Statements outside of a write are for reading. */
export interface PostgresDatabase extends Queries {
  readonly signals: PostgresSignals;
  /**
   * Runs work in one transaction and resolves after its commit is on disk (`synchronous_commit=on`): whoever answers a
   * request after awaiting it has acknowledged something durable. One that rejects may have happened all the same.
   *
   * @throws {Problem} `unavailable` when the database is away
   */
  write<T>(work: Work<T>): Promise<T>;
  /** The same, in one commit with everything else that waits: for writes that all need one row. */
  writeTogether<T>(work: Work<T>): Promise<T>;
  close(): Promise<void>;
}

const NOTIFY = sql('SELECT pg_notify($1, key) FROM unnest($2::text[]) AS key');

/**
 * Connects, makes or migrates the tables, and listens to the other processes.
 *
 * @param random 0 (inclusive) to 1, spreads the attempts of transactions that collided
 * @throws {Problem} `unavailable`
 * @throws {RangeError} for tables that a newer release wrote
 */
export async function openPostgres(
  place: PostgresPlace,
  schemas: readonly PostgresSchema[],
  random: () => number,
): Promise<PostgresDatabase> {
  const config = describeConnection(place);
  const pool = new pg.Pool({ ...config, max: place.connections ?? 10 });
  // A connection that broke while nobody used it: the pool has dropped it, and the next use makes another. The connection
  // itself may complain once more after it was given back.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  async function withClient<T>(use: (client: PoolClient) => Promise<T>): Promise<T> {
    let broken: Error | undefined;
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      return await use(client);
    } catch (error) {
      const failure = translateFailure(error);
      if (failure !== error) broken = failure;
      throw failure;
    } finally {
      client?.release(broken);
    }
  }

  try {
    await withClient((client) => migrate(client, place.namespace, schemas));
  } catch (error) {
    await pool.end();
    throw error;
  }
  const reading = <T>(use: (queries: Queries) => Promise<T>) => withClient((client) => use(queriesOn(client)));
  const write = <T>(work: Work<T>) => withClient((client) => inTransaction(client, work, random));
  const grouping = createGrouping(withClient, random);
  const signals = listenOnPostgres(config, `tsunagi ${place.namespace}`, (channel, keys) =>
    reading((queries) => queries.run(NOTIFY, channel, keys)),
  );
  let closing: Promise<void> | undefined;
  return {
    signals,
    all: (...query) => reading((queries) => queries.all(...query)),
    first: (...query) => reading((queries) => queries.first(...query)),
    run: (...query) => reading((queries) => queries.run(...query)),
    write,
    writeTogether: (work) => grouping.write(work),
    close: () =>
      (closing ??= (async () => {
        await grouping.settled();
        await signals.close();
        await pool.end();
      })()),
  };
}

/** A process that is gone must not hold a row for long; one that answers late must not find its row taken by a sleeper. */
const SESSION = {
  synchronous_commit: 'on',
  default_transaction_isolation: 'read\\ committed',
  lock_timeout: '10s',
  statement_timeout: '60s',
  idle_in_transaction_session_timeout: '20s',
};

function describeConnection({ url, namespace }: PostgresPlace): PoolConfig {
  const settings = { ...SESSION, search_path: quoteName(namespace).replaceAll(' ', '\\ ') };
  return {
    connectionString: url,
    application_name: 'tsunagi',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser },
  };
}

/** BIGINT (20) and count(*) stay within what a number holds exactly: sizes, sequences, milliseconds. BYTEA is 17. */
const PARSERS = new Map<number, (text: string) => number | Uint8Array>([
  [20, Number],
  [17, (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'))],
]);

const getTypeParser: CustomTypesConfig['getTypeParser'] = (id: number) =>
  PARSERS.get(id) ?? (pg.types.getTypeParser(id, 'text') as (text: string) => unknown);
