import type Database from 'better-sqlite3';

/** How a body given whole is cut: a piece is the most that is held when it is read back. */
const PIECE_BYTES = 1024 * 1024;

/** A table of `(id, start, bytes)` rows that hold bodies in pieces. */
export function createPieces(connection: Database.Database, table: 'relay_chunk' | 'outbox_chunk') {
  const select = connection.prepare<[string, number, number], { start: number; bytes: Buffer<ArrayBuffer> }>(
    `SELECT start, bytes FROM ${table} WHERE id = ? AND start + length(bytes) > ? AND start < ? ORDER BY start`,
  );
  const insert = connection.prepare(`INSERT INTO ${table} (id, start, bytes) VALUES (?, ?, ?)`);
  return {
    /** Inside a transaction. */
    write(id: string, start: number, bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        insert.run(id, start + at, bytes.subarray(at, at + PIECE_BYTES));
      }
    },
    /** Bytes from an offset on, at most `length`; none past the end. */
    read(id: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
      const rows = select.all(id, offset, offset + length);
      const parts = rows.map(({ start, bytes }) =>
        bytes.subarray(Math.max(0, offset - start), offset + length - start),
      );
      // Who reads as it was written gets the row's own bytes.
      const [first] = parts;
      const { buffer, byteOffset, length: size } = first && parts.length === 1 ? first : Buffer.concat(parts);
      return new Uint8Array(buffer, byteOffset, size);
    },
  };
}
