import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { applyConfiguration } from '#api/cli/exchange/apply.ts';
import { openConfigFile } from '#api/cli/exchange/config-file.ts';
import { digestBase64Url } from '#api/contract/encoding.ts';
import { Problem } from '#api/contract/problem.ts';
import type { ExchangeClient } from '#api/http/exchange-client.ts';

const CONFIG = { role: 'payer-simulator', listen: { port: 4100 }, origin: 'http://127.0.0.1:4100', world: 'a.json' };

/** A file changed once, and what the server says when it is asked to read it. */
async function changeFile(answer: 'reads' | 'fails' | 'conflict' | 'unauthenticated') {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-apply-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'payer.json');
  const before = JSON.stringify(CONFIG);
  writeFileSync(path, before, { mode: 0o600 });
  const file = await (await openConfigFile(path)).change({ world: 'b.json' });
  const after = readFileSync(path, 'utf8');
  const state = () => ({
    ...{
      digest: answer === 'reads' ? digestBase64Url(after) : digestBase64Url('another'),
      loadedAt: '2026-11-23T00:00:00.000Z',
    },
    failure: answer === 'fails' ? 'institutions[0].id' : null,
  });
  const client: Pick<ExchangeClient, 'get' | 'post'> = {
    get: (_path, schema) => Promise.resolve(schema.parse(state())),
    post: (_path, _body, schema) =>
      answer === 'conflict' || answer === 'unauthenticated'
        ? Promise.reject(new Problem(answer, 'said by the server'))
        : Promise.resolve(schema.parse(state())),
  };
  const applied = await applyConfiguration(file, client);
  return {
    applied,
    isAsBefore: readFileSync(path, 'utf8') === before,
    isChanged: readFileSync(path, 'utf8') === after,
  };
}

it('leaves the file changed where the server goes by it', async () => {
  expect(await changeFile('reads')).toMatchObject({ applied: { kind: 'in-force' }, isChanged: true });
});

it.each([
  ['fails', 'institutions[0].id'],
  ['conflict', 'said by the server'],
] as const)('puts the file back that the server cannot go by: %s', async (answer, detail) => {
  expect(await changeFile(answer)).toMatchObject({ applied: { kind: 'undone', detail }, isAsBefore: true });
});

it('leaves the file where the server only does not listen to us', async () => {
  expect(await changeFile('unauthenticated')).toMatchObject({ applied: { kind: 'refused' }, isChanged: true });
});
