import { expect, it } from 'vitest';
import { InstitutionList } from '#api/contract/institutions-api.ts';
import { createSigningJwk, importSigningKey } from '#api/contract/jose.ts';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createKept } from '#lib/app/kept.ts';
import { Directory } from '#lib/directory/directory.svelte.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';

async function createList() {
  const key = await importSigningKey(await createSigningJwk());
  const name = { ja: '東', en: 'East' };
  const list: InstitutionList = InstitutionList.parse({
    institutions: [
      {
        id: 'sakura/1310000012',
        name: { ja: '病院', en: 'Hospital' },
        exchange: 'east',
        signingKeys: [EcPublicJwk.parse(key.publicJwk)],
      },
    ],
    exchanges: [{ id: 'east', name, signingKeys: [EcPublicJwk.parse(key.publicJwk)], logKeys: ['log+key'] }],
  });
  return { list, key };
}

it('holds names and the keys to verify receipts with, also offline', async () => {
  const { list, key } = await createList();
  const kept = createKept(createMemoryStore(), 'directory', InstitutionList);
  const directory = new Directory({ kept, fetchDirectory: () => Promise.resolve(list) });
  expect([directory.list, await directory.trust()]).toEqual([undefined, undefined]);
  await directory.refresh();

  const offline = new Directory({ kept, fetchDirectory: () => Promise.reject(new TypeError('gone')) });
  expect(offline.institutionName('sakura/1310000012')?.en).toBe('Hospital');
  expect(offline.exchangeName('east')?.ja).toBe('東');
  expect(offline.institutionName('nobody/1310000012')).toBeUndefined();
  const exchangeKeys = { [key.kid]: key.publicJwk };
  expect(await offline.trust()).toEqual({
    logKeys: ['log+key'],
    exchangeKeys,
    logPolicies: {},
    logTimestampAnchors: {},
  });
});
