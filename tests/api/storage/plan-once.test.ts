import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { planOnce } from '#api/storage/sqlite/plan-once.ts';
import { temporaryDatabase } from './temporary-file.ts';

it('makes an expression of each parameter, and leaves texts alone', () => {
  expect(planOnce('SELECT a FROM t WHERE b = ? AND c >= $from ORDER BY a LIMIT ?2')).toBe(
    'SELECT a FROM t WHERE b = +? AND c >= +$from ORDER BY a LIMIT +?2',
  );
  expect(planOnce("SELECT json_extract(a, '$.b'), 'it''s ?' FROM t WHERE c = ?")).toBe(
    "SELECT json_extract(a, '$.b'), 'it''s ?' FROM t WHERE c = +?",
  );
});

it('keeps values, types and indexes', () => {
  const table = { name: 't', migrations: ['CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER, b BLOB) STRICT'] };
  const { connection } = temporaryDatabase([table]);
  const blob = Uint8Array.of(0, 255);
  connection.prepare('INSERT INTO t VALUES (?, ?, ?)').run('01', 7, blob);
  connection.prepare('INSERT INTO t VALUES ($k, $n, $b)').run({ k: '1', n: null, b: null });
  const row = connection.prepare('SELECT k, n, b FROM t WHERE k = ? ORDER BY n LIMIT ?').get('01', 1);
  expect(row).toEqual({ k: '01', n: 7, b: Buffer.from(blob) });
  expect(connection.prepare('SELECT typeof(?) AS text, typeof(?) AS number').get('1', 1.5)).toEqual({
    ...{ text: 'text', number: 'real' },
  });
  expect(() => connection.prepare('INSERT INTO t (k, n) VALUES (?, ?)').run('2', 'two')).toThrow(Database.SqliteError);
  const plan = connection.prepare<[string], { detail: string }>('EXPLAIN QUERY PLAN SELECT n FROM t WHERE k = ?');
  expect(plan.get('01')?.detail).toMatch(/USING INDEX/);
});
