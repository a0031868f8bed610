import { createHash } from 'node:crypto';

/** What a statement may be given. Times are milliseconds since 1970, as in the rows. */
export type Value = string | number | boolean | Uint8Array | null | readonly string[] | readonly number[];

/**
 * A statement that each connection prepares once. `Row` is what its rows are, as the statement itself makes them: BIGINT
 * and count(*) come as numbers, BYTEA as bytes.
 */
export interface Statement<Row extends object> {
  readonly name: string;
  readonly text: string;
  /** Never there: ties the type of the rows to the statement. */
  readonly row?: Row;
}

/** A statement whose name is its digest: the same text has the same name in every process and release. */
export const sql = <Row extends object = Record<never, never>>(text: string): Statement<Row> => ({
  name: createHash('sha256').update(text).digest('base64url').slice(0, 24),
  text,
});

/** Runs statements: on a connection of its own each, or all inside one transaction. */
export interface Queries {
  all<Row extends object>(statement: Statement<Row>, ...values: readonly Value[]): Promise<readonly Row[]>;
  first<Row extends object>(statement: Statement<Row>, ...values: readonly Value[]): Promise<Row | undefined>;
  /** Resolves with how many rows it wrote. */
  run(statement: Statement<object>, ...values: readonly Value[]): Promise<number>;
}
