import type { InstitutionId } from '../../contract/ids.ts';
import type { AttemptStore } from '../attempts.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

/** One row a door: whoever guesses locks it, so that many at once are counted one after the other. */
export const attemptsSchema: PostgresSchema = {
  name: 'attempts',
  tables: { attempt: { by: 'institution' } },
  migrations: [
    `CREATE TABLE attempt (
       institution TEXT NOT NULL, door TEXT NOT NULL, recent BIGINT[] NOT NULL, PRIMARY KEY (institution, door));`,
  ],
};

const TAKE = sql(
  `INSERT INTO attempt VALUES ($1, $2, ARRAY[$3::bigint])
   ON CONFLICT (institution, door) DO UPDATE
     SET recent = ARRAY(SELECT at FROM unnest(attempt.recent) AS at WHERE at > $4::bigint) || $3::bigint
     WHERE (SELECT count(*) FROM unnest(attempt.recent) AS at WHERE at > $4::bigint) < $5::bigint`,
);
/** One of those of that moment, not all. */
const GIVE_BACK = sql(
  `UPDATE attempt SET recent = recent[:array_position(recent, $3::bigint) - 1] || recent[array_position(recent, $3::bigint) + 1:]
   WHERE institution = $1 AND door = $2 AND $3::bigint = ANY (recent)`,
);

/** The guesses at one institution's gateway in a database that was opened with `attemptsSchema`. */
export const createPostgresAttemptStore = (database: PostgresDatabase, institution: InstitutionId): AttemptStore => ({
  take: (door, at, { failures, windowMs }) =>
    database.write(
      async (tx) => (await tx.run(TAKE, institution, door, at.getTime(), at.getTime() - windowMs, failures)) === 1,
    ),
  giveBack: (door, at) =>
    database.write(async (tx) => {
      await tx.run(GIVE_BACK, institution, door, at.getTime());
    }),
});
