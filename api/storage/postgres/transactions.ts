import type { ClientBase, PoolClient } from 'pg';
import { isCollision } from './failures.ts';
import type { Queries, Statement, Value } from './statement.ts';

/** Statements on one connection. */
export function queriesOn(client: Pick<ClientBase, 'query'>): Queries {
  const query = <Row extends object>({ name, text }: Statement<Row>, values: readonly Value[]) =>
    client.query<Row>({ name, text, values: [...values] });
  return {
    all: async (statement, ...values) => (await query(statement, values)).rows,
    first: async (statement, ...values) => (await query(statement, values)).rows[0],
    run: async (statement, ...values) => (await query(statement, values)).rowCount ?? 0,
  };
}

/** Work inside a transaction. It may run again from its beginning; what it threw away must not have left the database. */
export type Work<T> = (queries: Queries) => Promise<T>;

const ATTEMPTS = 12;
const STEP_MS = 4;

/**
 * Runs work in a transaction and resolves once its commit is on disk. A transaction that collided with another one is
 * repeated after a pause of random length.
 */
export async function inTransaction<T>(client: PoolClient, work: Work<T>, random: () => number): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('BEGIN');
      const result = await work(queriesOn(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(ignoreSecondFailure);
      if (!isCollision(error) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, random() * STEP_MS * 2 ** Math.min(attempt, 6)));
    }
  }
}

/** Runs work that is undone alone when it throws; the transaction around it goes on. A collision undoes everything. */
export async function inSavepoint<T>(queries: ClientBase, work: Work<T>): Promise<T> {
  await queries.query('SAVEPOINT one');
  try {
    const result = await work(queriesOn(queries));
    await queries.query('RELEASE one');
    return result;
  } catch (error) {
    if (!isCollision(error)) await queries.query('ROLLBACK TO one');
    throw error;
  }
}

/** The connection is gone, and the transaction with it: the first failure says why. */
const ignoreSecondFailure = (): void => {};
