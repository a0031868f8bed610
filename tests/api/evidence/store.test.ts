import { describe, expect, it } from 'vitest';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { appendLeaf, createSqliteEvidenceStore, evidenceSchema } from '#api/storage/sqlite/evidence.ts';
import { testEvidenceStore } from './store-contract.ts';

describe('SQLite', () =>
  testEvidenceStore(() => {
    const database = openSqlite(':memory:', [evidenceSchema]);
    return {
      store: createSqliteEvidenceStore(database),
      append: (leaves, fail) =>
        database.write((connection) => {
          const indices = leaves.map((leaf) => appendLeaf(connection, leaf));
          if (fail) throw new RangeError('undo');
          return indices;
        }),
    };
  }));

const leaf = (n: number) => new Uint8Array(32).fill(n);

describe('appendLeaf', () => {
  it('wants a commitment and a transaction', async () => {
    const database = openSqlite(':memory:', [evidenceSchema]);
    expect(() => appendLeaf(database.connection, leaf(0))).toThrow(TypeError);
    await expect(database.write((db) => appendLeaf(db, new Uint8Array(31)))).rejects.toThrow(RangeError);
  });
});
