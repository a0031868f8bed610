import type { InstitutionId } from '../../contract/ids.ts';
import { Problem } from '../../contract/problem.ts';
import type { PolicyStore } from '../policies.ts';
import { toPolicyVersion, type PolicyRow } from '../rows/policies.ts';
import type { PostgresDatabase } from './database.ts';
import type { PostgresSchema } from './schema.ts';
import { sql } from './statement.ts';

export const policiesSchema: PostgresSchema = {
  name: 'policies',
  tables: { policy_version: { by: 'institution' } },
  migrations: [
    `CREATE TABLE policy_version (
       institution TEXT NOT NULL, version INTEGER NOT NULL, rules TEXT NOT NULL, saved_at BIGINT NOT NULL,
       author TEXT NOT NULL, terminal TEXT NOT NULL, note TEXT, PRIMARY KEY (institution, version));`,
  ],
};

const COLUMNS = 'SELECT version, rules, saved_at, author, terminal, note FROM policy_version';
const SELECT_ALL = sql<PolicyRow>(`${COLUMNS} WHERE institution = $1 ORDER BY version DESC`);
const SELECT_NEWEST = sql<PolicyRow>(`${COLUMNS} WHERE institution = $1 ORDER BY version DESC LIMIT 1`);
const INSERT = sql('INSERT INTO policy_version VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING');

/** The policy of one institution in a database that was opened with `policiesSchema`. */
export const createPostgresPolicyStore = (database: PostgresDatabase, institution: InstitutionId): PolicyStore => ({
  list: async () => (await database.all(SELECT_ALL, institution)).map(toPolicyVersion),
  async read() {
    const row = await database.first(SELECT_NEWEST, institution);
    return row && toPolicyVersion(row);
  },
  save: ({ version, rules, savedAt, author, terminal, note }) =>
    database.write(async (tx) => {
      const isNext = version === ((await tx.first(SELECT_NEWEST, institution))?.version ?? 0) + 1;
      const values = [version, JSON.stringify(rules), Date.parse(savedAt), author, terminal, note] as const;
      // Of two who save the same version at once, the second writes nothing.
      const isSaved = isNext && (await tx.run(INSERT, institution, ...values)) === 1;
      if (!isSaved) throw new Problem('conflict', 'another version was saved');
    }),
});
