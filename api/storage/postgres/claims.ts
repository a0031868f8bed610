import { createId } from '../../contract/ids.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

/** Which process works on a queue: a row of its own for each queue, taken without waiting for who else wants it. */
export const claimsSchema: PostgresSchema = {
  name: 'claims',
  tables: { queue_claim: { by: 'queue' } },
  migrations: [`CREATE TABLE queue_claim (queue TEXT PRIMARY KEY, holder TEXT NOT NULL, until TIMESTAMPTZ NOT NULL);`],
};

/** Longer than most rounds of work; whoever is killed is succeeded after this. */
const CLAIM_MS = 3000;

const MEET = sql(`INSERT INTO queue_claim VALUES ($1, $2, 'epoch') ON CONFLICT DO NOTHING`);
const TAKE = sql<{ holder: string }>(
  `UPDATE queue_claim SET holder = $2, until = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE queue = (SELECT queue FROM queue_claim
     WHERE queue = $1 AND (holder = $2 OR until < clock_timestamp()) FOR UPDATE SKIP LOCKED)
   RETURNING holder`,
);

/** The claims of one process. */
export interface Claims {
  /**
   * Whether this process may work on the queue now; asked again before each round. When another one does, everybody here is
   * woken once its claim may have ended.
   *
   * It spares double work and is no lock: a round that takes longer is done by two, and both must be harmless.
   */
  hold(queue: string): Promise<boolean>;
}

export function createClaims(database: PostgresDatabase): Claims {
  const holder = createId();
  const met = new Set<string>();
  return {
    async hold(queue) {
      if (!met.has(queue)) {
        await database.run(MEET, queue, holder);
        met.add(queue);
      }
      const isOurs = (await database.first(TAKE, queue, holder, CLAIM_MS)) !== undefined;
      if (!isOurs) database.signals.remind(CLAIM_MS);
      return isOurs;
    },
  };
}
