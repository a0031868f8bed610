import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';

const notes = { name: 'notes', migrations: ['CREATE TABLE note (text TEXT NOT NULL UNIQUE) STRICT'] };
const insert = (text: string) => (db: Database.Database) => {
  db.prepare('INSERT INTO note VALUES (?)').run(text);
  return text;
};
const read = (path: string) => {
  const other = new Database(path, { readonly: true });
  const rows = other.prepare<[], { text: string }>('SELECT text FROM note ORDER BY rowid').all();
  other.close();
  return rows.map(({ text }) => text);
};

describe('a write', () => {
  it('is on disk when it resolves, with its own result', async () => {
    const path = temporaryFile();
    const database = temporaryDatabase([notes], path);
    expect(await database.write(insert('one'))).toBe('one');
    expect(read(path)).toEqual(['one']);
  });

  it('syncs each commit', () => {
    const { connection } = temporaryDatabase([notes]);
    expect(connection.pragma('synchronous', { simple: true })).toBe(2);
    expect(connection.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('shares one commit with the others of the moment', async () => {
    const path = temporaryFile();
    const database = temporaryDatabase([notes], path);
    let seenByOthers: string[] = [];
    await Promise.all([
      database.write(insert('one')),
      database.write(() => {
        seenByOthers = read(path);
      }),
      database.write(insert('two')),
    ]);
    expect(seenByOthers).toEqual([]);
    expect(read(path)).toEqual(['one', 'two']);
  });

  it('that throws is undone alone and rejects its own caller', async () => {
    const path = temporaryFile();
    const database = temporaryDatabase([notes], path);
    const results = await Promise.allSettled([
      database.write(insert('one')),
      database.write((db) => {
        insert('half')(db);
        throw new RangeError('no');
      }),
      database.write(insert('two')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(read(path)).toEqual(['one', 'two']);
  });

  it('runs again from nothing when another of the moment throws', async () => {
    const path = temporaryFile();
    const database = temporaryDatabase([notes], path);
    const countFrom = (text: string) => (db: Database.Database) => {
      insert(text)(db);
      return db.prepare<[], { count: number }>('SELECT count(*) AS count FROM note').get()?.count;
    };
    const refused = database.write(() => {
      throw new RangeError('no');
    });
    const [first, second] = [database.write(countFrom('one')), database.write(countFrom('two'))];
    await expect(refused).rejects.toThrow(RangeError);
    expect([await first, await second]).toEqual([1, 2]);
    expect(read(path)).toEqual(['one', 'two']);
  });

  it('that meets a full disk is stored neither alone nor with the others', async () => {
    const path = temporaryFile();
    const database = temporaryDatabase([notes], path);
    const pages = Number(database.connection.pragma('page_count', { simple: true }));
    database.connection.pragma(`max_page_count = ${pages + 1}`);
    const results = await Promise.allSettled([
      database.write(insert('one')),
      database.write(insert('x'.repeat(100_000))),
      database.write(insert('two')),
    ]);
    // Whatever was promised is there, and nothing else.
    const promised = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(read(path)).toEqual(promised);
    expect(results[1]?.status).toBe('rejected');
  });

  it('that cannot be committed rejects the whole group and stores none of it', async () => {
    const path = temporaryFile();
    const database = temporaryDatabase([notes], path);
    database.connection.pragma('busy_timeout = 0');
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([database.write(insert('one')), database.write(insert('two'))]);
    other.exec('COMMIT');
    other.close();
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(read(path)).toEqual([]);
    await database.write(insert('three'));
    expect(read(path)).toEqual(['three']);
  });
});

describe('closing', () => {
  it('commits what was asked for before, and refuses what comes after', async () => {
    const path = temporaryFile();
    const database = openSqlite(path, [notes]);
    const last = database.write(insert('last'));
    await database.close();
    await last;
    await expect(database.write(insert('late'))).rejects.toThrow(TypeError);
    expect(read(path)).toEqual(['last']);
  });
});

describe('schemas', () => {
  const second = { ...notes, migrations: [...notes.migrations, 'ALTER TABLE note ADD COLUMN at INTEGER'] };

  it('move forward and keep what is there', async () => {
    const path = temporaryFile();
    const before = openSqlite(path, [notes]);
    await before.write(insert('old'));
    await before.close();
    const after = temporaryDatabase([second], path);
    expect(after.connection.prepare('SELECT text, at FROM note').all()).toEqual([{ text: 'old', at: null }]);
  });

  it('of a newer release are left alone', async () => {
    const path = temporaryFile();
    await openSqlite(path, [second]).close();
    expect(() => openSqlite(path, [notes])).toThrow(RangeError);
  });
});
