import { sql, type Queries, type Statement } from './statement.ts';

/** How a body given whole is cut: a piece is the most that is held when it is read back. */
const PIECE_BYTES = 1024 * 1024;

/** A table of `(key, id, start, bytes)` rows that hold bodies in pieces; `key` is its distribution column. */
export function createPieces(table: 'relay_chunk' | 'outbox_chunk', key: 'recipient' | 'institution') {
  const insert: Statement<object> = sql(`INSERT INTO ${table} (${key}, id, start, bytes) VALUES ($1, $2, $3, $4)`);
  const select = sql<{ bytes: Uint8Array }>(
    `SELECT substring(bytes FROM greatest($3 - start, 0)::int + 1
       FOR (least($3 + $4, start + length(bytes)) - greatest($3, start))::int) AS bytes
     FROM ${table} WHERE ${key} = $1 AND id = $2 AND start + length(bytes) > $3 AND start < $3 + $4 ORDER BY start`,
  );
  return {
    async write(tx: Queries, owner: string, id: string, start: number, bytes: Uint8Array): Promise<void> {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        await tx.run(insert, owner, id, start + at, bytes.subarray(at, at + PIECE_BYTES));
      }
    },
    /** Bytes from an offset on, at most `length`; none past the end. */
    async read(
      queries: Queries,
      owner: string,
      id: string,
      offset: number,
      length: number,
    ): Promise<Uint8Array<ArrayBuffer>> {
      const rows = await queries.all(select, owner, id, offset, length);
      return new Uint8Array(Buffer.concat(rows.map(({ bytes }) => bytes)));
    },
  };
}
