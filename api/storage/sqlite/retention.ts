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
import type { SqliteDatabase } from './database.ts';

/** Rows that one commit deletes: others get their turn in between. */
const BATCH = 500;

const inMilliseconds = <Class extends string>(before: Cutoffs<Class>): Record<string, number> =>
  Object.fromEntries(Object.entries<Date>(before).map(([name, at]) => [name, at.getTime()]));

/** Deletes by rules; freed bytes are overwritten. */
function createRuled<Class extends string>(database: SqliteDatabase, rules: readonly PurgeRule<Class>[]) {
  const { connection } = database;

  async function drain({ table, key, where, parts = [] }: PurgeRule<Class>, at: Record<string, number>) {
    const select = connection
      .prepare<[Record<string, number>], string>(`SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${BATCH}`)
      .pluck();
    const deletions = [...parts, table].map((name) =>
      connection.prepare<[string]>(`DELETE FROM ${name} WHERE ${key} IN (SELECT value FROM json_each(?))`),
    );
    let total = 0;
    for (;;) {
      const count = await database.write(() => {
        const keys = select.all(at);
        for (const deletion of deletions) deletion.run(JSON.stringify(keys));
        return keys.length;
      });
      total += count;
      if (count < BATCH) return total;
    }
  }

  return {
    count(before: Cutoffs<Class>, counts: Record<Class, number>) {
      for (const { class: name, table, where } of rules) {
        const count = connection.prepare<[Record<string, number>], number>(
          `SELECT count(*) FROM ${table} WHERE ${where}`,
        );
        counts[name] += count.pluck().get(inMilliseconds(before)) ?? 0;
      }
    },
    async purge(before: Cutoffs<Class>, counts: Record<Class, number>) {
      connection.pragma('secure_delete = ON');
      for (const rule of rules) counts[rule.class] += await drain(rule, inMilliseconds(before));
    },
  };
}

/** A gateway's, in a database that was opened with all of its schemas. */
export function createSqliteGatewayRetention(database: SqliteDatabase): RetentionStore<GatewayClass> {
  const ruled = createRuled(
    database,
    gatewayRules(() => 'TRUE'),
  );
  return {
    countOver(before) {
      const counts = noneOf(GATEWAY_CLASSES);
      ruled.count(before, counts);
      return Promise.resolve(counts);
    },
    async purge(before) {
      const counts = noneOf(GATEWAY_CLASSES);
      await ruled.purge(before, counts);
      return counts;
    },
  };
}

/** An exchange's, in a database that was opened with all of its schemas. */
export function createSqliteExchangeRetention(database: SqliteDatabase): RetentionStore<ExchangeClass> {
  const { connection } = database;
  const ruled = createRuled(database, EXCHANGE_RULES);
  const page = connection.prepare<[number], ConsentRow & { readonly place: number }>(
    `SELECT rowid AS place, * FROM consent WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH}`,
  );
  const deleteConsent = connection.prepare<[number]>('DELETE FROM consent WHERE rowid = ?');

  /** Rows that are over, a page at a time: when a consent ends stands in what the card signed. */
  function* consentsOver(before: Date): Generator<readonly number[]> {
    for (let last = 0; ;) {
      const rows = page.all(last);
      yield rows.filter((row) => isConsentOver(row, before)).map(({ place }) => place);
      if (rows.length < BATCH) return;
      last = rows.at(-1)?.place ?? last;
    }
  }

  return {
    countOver(before): Promise<PurgeCounts<ExchangeClass>> {
      const counts = noneOf(EXCHANGE_CLASSES);
      ruled.count(before, counts);
      for (const places of consentsOver(before.consents)) counts.consents += places.length;
      return Promise.resolve(counts);
    },
    async purge(before) {
      const counts = noneOf(EXCHANGE_CLASSES);
      await ruled.purge(before, counts);
      for (const places of consentsOver(before.consents)) {
        if (places.length === 0) continue;
        await database.write(() => places.forEach((place) => deleteConsent.run(place)));
        counts.consents += places.length;
      }
      return counts;
    },
  };
}
