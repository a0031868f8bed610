import { REQUEST_SKEW_SECONDS } from '../../contract/signed-request.ts';
import type { RequestMemory } from '../request-memory.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

/**
 * Shared by the processes of a server: what one has answered no other answers. Not logged, so that no request waits for the
 * disk; empty after a crash of the database, when every route that changes something is idempotent by an id of its own.
 */
export const requestMemorySchema: PostgresSchema = {
  name: 'request-memory',
  tables: { signed_request: { by: 'id' } },
  migrations: [
    `CREATE UNLOGGED TABLE signed_request (id TEXT PRIMARY KEY, until BIGINT NOT NULL);
     CREATE INDEX signed_request_until ON signed_request (until);`,
  ],
};

/** Requests are accepted this long after and before their signature, hence twice the skew. */
const WINDOW_MS = 2 * REQUEST_SKEW_SECONDS * 1000;
const FORGET_EVERY = 500;

const REMEMBER = sql('INSERT INTO signed_request VALUES ($1, $2) ON CONFLICT DO NOTHING');
const FORGET = sql('DELETE FROM signed_request WHERE until < $1');

/** The signed requests of a database that was opened with `requestMemorySchema`. */
export function createPostgresRequestMemory(database: PostgresDatabase): RequestMemory {
  let count = 0;
  return {
    async remember(id, now) {
      count += 1;
      if (count % FORGET_EVERY === 0) await database.run(FORGET, now.getTime());
      return (await database.run(REMEMBER, id, now.getTime() + WINDOW_MS)) === 1;
    },
  };
}
