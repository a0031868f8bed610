import { expect, it } from 'vitest';
import { encodeTrust, TrustFile } from '#api/contract/evidence/trust.ts';
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

const gone = () => Promise.reject(new TypeError('gone'));
const keepTrust = () => createKept(createMemoryStore(), 'trust', TrustFile);
const noTrust = { keptTrust: keepTrust(), fetchTrust: gone };

it('holds names and the keys to verify receipts with, also offline', async () => {
  const { list, key } = await createList();
  const kept = createKept(createMemoryStore(), 'directory', InstitutionList);
  const directory = new Directory({ kept, fetchDirectory: () => Promise.resolve(list), ...noTrust });
  expect([directory.list, await directory.trust()]).toEqual([undefined, undefined]);
  await directory.refresh();

  const offline = new Directory({ kept, fetchDirectory: gone, ...noTrust });
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

it('verifies receipts at a device that is no terminal, also offline, by the file that the server offers to everybody', async () => {
  const { list, key } = await createList();
  const kept = createKept(createMemoryStore(), 'directory', InstitutionList);
  const keptTrust = keepTrust();
  const file = TrustFile.parse(
    JSON.parse(encodeTrust({ logKeys: ['log+key'], exchangeKeys: { [key.kid]: key.publicJwk } })),
  );
  const directory = new Directory({ kept, fetchDirectory: gone, keptTrust, fetchTrust: () => Promise.resolve(file) });
  expect(directory.hasTrust).toBe(false);
  await directory.refreshTrust();

  const offline = new Directory({ kept, fetchDirectory: () => Promise.resolve(list), keptTrust, fetchTrust: gone });
  expect([offline.hasTrust, offline.list]).toEqual([true, undefined]);
  expect((await offline.trust())?.exchangeKeys).toEqual({ [key.kid]: key.publicJwk });
  // A terminal goes by what its gateway verified.
  await offline.refresh();
  expect(await offline.trust()).not.toHaveProperty('version');
});
