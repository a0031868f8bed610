import type { InstitutionId } from '../../contract/ids.ts';
import { isConsentOver } from '../consents-over.ts';
import { EXCHANGE_RULES, gatewayRules, type PurgeRule } from '../retention-rules.ts';
import {
  EXCHANGE_CLASSES,
  GATEWAY_CLASSES,
  noneOf,
  type Cutoffs,
  type ExchangeClass,
  type GatewayClass,
  type PurgeCounts,
  type RetentionStore,
} from '../retention.ts';
import type { ConsentRow } from '../rows/consents.ts';
import type { PostgresDatabase } from './database.ts';
import { sql, type Queries, type Value } from './statement.ts';

/** Columns by which the parts of a row are found, each holding the distribution key. */
type Columns = readonly string[];

/** Puts numbered parameters for the named ones, and the values in their order. */
function bind(text: string, named: Readonly<Record<string, Value>>) {
  const names: string[] = [];
  const numbered = text.replaceAll(/:([a-zA-Z]+)/g, (_whole, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text: numbered, values: names.map((name) => named[name] ?? 0) };
}

interface Ruled<Class extends string> {
  /** The other half of something that is counted already. */
  readonly isUncounted?: boolean;
  readonly rule: PurgeRule<Class>;
  readonly partsBy: Columns;
}

function createRuled<Class extends string>(rules: readonly Ruled<Class>[], owner: Readonly<Record<string, string>>) {
  const own = 'institution' in owner ? 'institution = :institution AND ' : '';
  const named = (before: Cutoffs<Class>) => ({
    ...owner,
    ...Object.fromEntries(Object.entries<Date>(before).map(([name, at]) => [name, at.getTime()])),
  });
  return {
    async count(queries: Queries, before: Cutoffs<Class>, counts: Record<Class, number>) {
      for (const { rule, isUncounted } of rules) {
        if (isUncounted) continue;
        const { text, values } = bind(
          `SELECT count(*) AS n FROM ${rule.table} WHERE ${own}${rule.where}`,
          named(before),
        );
        counts[rule.class] += (await queries.first(sql<{ n: number }>(text), ...values))?.n ?? 0;
      }
    },
    async purge(database: PostgresDatabase, before: Cutoffs<Class>, counts: Record<Class, number>) {
      for (const { rule, partsBy, isUncounted } of rules) {
        const columns = partsBy.join(', ');
        const where = `WHERE ${own}${rule.where}`;
        const run = (queries: Queries, statement: string) => {
          const { text, values } = bind(statement, named(before));
          return queries.run(sql(text), ...values);
        };
        const deleted = await database.write(async (tx) => {
          for (const part of rule.parts ?? []) {
            const found = `SELECT ${columns} FROM ${rule.table} ${where}`;
            await run(tx, `DELETE FROM ${part} WHERE (${columns}) IN (${found})`);
          }
          return run(tx, `DELETE FROM ${rule.table} ${where}`);
        });
        if (!isUncounted) counts[rule.class] += deleted;
      }
    },
  };
}

/** A gateway's, in a database that was opened with all of its schemas. */
export function createPostgresGatewayRetention(
  database: PostgresDatabase,
  institution: InstitutionId,
): RetentionStore<GatewayClass> {
  const rules = gatewayRules((table, other) => `${table}.institution = ${other}.institution`);
  const ruled = createRuled(
    rules.map((rule) => ({ rule, partsBy: ['institution', 'id'] })),
    { institution },
  );
  return {
    async countOver(before) {
      const counts = noneOf(GATEWAY_CLASSES);
      await ruled.count(database, before, counts);
      return counts;
    },
    async purge(before) {
      const counts = noneOf(GATEWAY_CLASSES);
      await ruled.purge(database, before, counts);
      return counts;
    },
  };
}

/** A proof's use of its challenge, which is a row of its own here. */
const CHALLENGE_USES = {
  class: 'proofs',
  table: 'presence_challenge_use',
  key: 'challenge',
  where: 'used_at < :proofs',
} as const;

/** Where an envelope's id lies. */
const ADDRESSES = 'relay_address';

const PAGE = sql<ConsentRow>(
  `SELECT * FROM consent WHERE (institution, submission_id) > ($1, $2) ORDER BY institution, submission_id LIMIT 500`,
);
const DELETE_CONSENTS = sql('DELETE FROM consent WHERE institution = $1 AND submission_id = ANY($2::text[])');

/** An exchange's, in a database that was opened with all of its schemas. */
export function createPostgresExchangeRetention(database: PostgresDatabase): RetentionStore<ExchangeClass> {
  const ruled = createRuled(
    [
      ...EXCHANGE_RULES.map((rule) => ({
        rule: rule.parts ? { ...rule, parts: [...rule.parts, ADDRESSES] } : rule,
        partsBy: ['recipient', 'id'],
      })),
      { rule: CHALLENGE_USES, partsBy: [], isUncounted: true },
    ],
    {},
  );

  async function forEachOver(before: Date, use: (rows: readonly ConsentRow[]) => Promise<void>): Promise<number> {
    let count = 0;
    for (let last: readonly [string, string] = ['', '']; ;) {
      const rows = await database.all(PAGE, ...last);
      const over = rows.filter((row) => isConsentOver(row, before));
      if (over.length > 0) await use(over);
      count += over.length;
      const end = rows.at(-1);
      if (!end) return count;
      last = [end.institution, end.submission_id];
    }
  }

  return {
    async countOver(before): Promise<PurgeCounts<ExchangeClass>> {
      const counts = noneOf(EXCHANGE_CLASSES);
      await ruled.count(database, before, counts);
      counts.consents = await forEachOver(before.consents, () => Promise.resolve());
      return counts;
    },
    async purge(before) {
      const counts = noneOf(EXCHANGE_CLASSES);
      await ruled.purge(database, before, counts);
      counts.consents = await forEachOver(before.consents, (rows) =>
        database.write(async (tx) => {
          for (const [institution, own] of Map.groupBy(rows, (row) => row.institution)) {
            const ids = own.map((row) => row.submission_id);
            await tx.run(DELETE_CONSENTS, institution, ids);
          }
        }),
      );
      return counts;
    },
  };
}
