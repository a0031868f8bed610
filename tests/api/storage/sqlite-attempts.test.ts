import { expect, it } from 'vitest';
import { attemptsSchema, createSqliteAttemptStore } from '#api/storage/sqlite/attempts.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { NOW } from '../parties/parties.ts';
import { testAttemptStore } from './attempt-store-contract.ts';
import { temporaryDatabase, temporaryFile } from './temporary-file.ts';

testAttemptStore(() => createSqliteAttemptStore(temporaryDatabase([attemptsSchema])));

it('gives nobody new tries by a restart', async () => {
  const path = temporaryFile();
  const allowance = { failures: 1, windowMs: 60_000 };
  for (const expected of [true, false]) {
    const database = openSqlite(path, [attemptsSchema]);
    expect(await createSqliteAttemptStore(database).take('codes', NOW, allowance)).toBe(expected);
    await database.close();
  }
});
