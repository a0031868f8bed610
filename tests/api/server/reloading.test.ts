import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { ServerControl } from '#api/app.ts';
import { ConfigError } from '#api/config/config-error.ts';
import { Problem } from '#api/contract/problem.ts';
import { openReloading } from '#api/server/reloading.ts';

const NOW = new Date('2026-11-23T00:00:00Z');
const text = (world: string) =>
  JSON.stringify({ role: 'payer-simulator', listen: { port: 4100 }, origin: 'http://127.0.0.1:4100', world });

/** A server that cannot be composed of a world named so. */
function createServer(failures: Readonly<Record<string, Error>>) {
  const file = { text: text('good') };
  let control: ServerControl | undefined;
  const reported: unknown[] = [];
  const opening = () =>
    openReloading({
      readText: () => Promise.resolve(file.text),
      open(config, given) {
        const failure = config.role === 'payer-simulator' ? failures[config.world] : undefined;
        if (failure) return Promise.reject(failure);
        control = given;
        const nothing = () => Promise.resolve();
        const app = new Hono().get('/', (context) => context.text('here'));
        return Promise.resolve({ app, start: () => undefined, stop: nothing, close: nothing });
      },
      report: (failure) => reported.push(failure),
      now: () => NOW,
    });
  return { file, opening, reported, control: () => control };
}

const NETWORK = new Problem('directory_untrusted', 'network hoshi of east belongs to exchange west');

it.each([
  ['its members', new ConfigError('config_invalid', 'institutions[0].id'), 'institutions[0].id'],
  ['what it knows of others', NETWORK, `directory_untrusted: ${NETWORK.detail}`],
  ['a fault of ours', new TypeError('secret.json is 12 bytes long'), 'the server could not be composed'],
])('goes on with the configuration before, and says that the new one fails for %s', async (_what, failure, said) => {
  const { file, opening, control } = createServer({ bad: failure });
  const app = await opening();
  const before = control()?.configuration();
  file.text = text('bad');
  await control()?.reload();
  expect(await (await app.fetch(new Request('http://127.0.0.1:4100/'))).text()).toBe('here');
  expect(control()?.configuration()).toEqual({ ...before, failure: said });
  await app.stop();
});

it('does not start, with the reason, where the first configuration contradicts what is kept', async () => {
  const { file, opening } = createServer({ bad: NETWORK });
  file.text = text('bad');
  await expect(opening()).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining(NETWORK.detail) as string,
  });
});
