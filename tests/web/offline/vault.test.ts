import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createId } from '#api/contract/ids.ts';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { createSealer } from '#lib/offline/sealer.ts';
import {
  addLock,
  changeKey,
  createVault,
  findVault,
  forgetVault,
  openVault,
  type VaultSecret,
} from '#lib/offline/vault.ts';

const NOW = new Date('2026-11-22T03:00:00Z');
const person = { id: createId(), name: '看護 一', roles: ['nurse' as const] };
const passkey = (credentialId = 'k'): VaultSecret => ({
  ...{ kind: 'passkey', credentialId },
  bytes: crypto.getRandomValues(new Uint8Array(32)),
});
/** As fast as the algorithm allows: how slow it is in use is measured elsewhere. */
const passphrase = (text: string): VaultSecret => ({
  ...{ kind: 'passphrase', text },
  slowness: { passes: 1, memoryKiB: 8 },
});
const same = async (a: CryptoKey, b: CryptoKey) =>
  createSealer(b)
    .open('visits', await createSealer(a).seal('visits', 'x', NOW, 1), z.number())
    .then(
      () => true,
      () => false,
    );

async function make(secret: VaultSecret) {
  const store = createMemoryStore();
  const { key } = await createVault(store, person, secret, NOW);
  const find = async () => (await findVault(store, person.id))!;
  return { store, key, find };
}

describe('a vault', () => {
  it('opens with the passkey that made it, without a network, and says whose it is', async () => {
    const secret = passkey();
    const { key, find } = await make(secret);
    const opened = await openVault(await find(), secret);
    expect(opened.person).toEqual(person);
    expect(opened.key.extractable).toBe(false);
    expect(await same(opened.key, key)).toBe(true);
  });

  it('opens with a passphrase however it was typed, and with no other', async () => {
    const { find } = await make(passphrase('ﾊﾟｽﾜｰﾄﾞ 桜の咲く頃'));
    expect((await openVault(await find(), passphrase('パスワード 桜の咲く頃'))).person).toEqual(person);
    await expect(openVault(await find(), passphrase('桜'))).rejects.toMatchObject({ code: 'record_unreadable' });
    await expect(openVault(await find(), passkey())).rejects.toMatchObject({ code: 'record_unreadable' });
  });

  it('does not open with another passkey, nor for another person', async () => {
    const secret = passkey();
    const { find } = await make(secret);
    await expect(openVault(await find(), passkey())).rejects.toMatchObject({ code: 'record_unreadable' });
    const other = { ...(await find()), id: createId() };
    await expect(openVault(other, secret)).rejects.toMatchObject({ code: 'record_unreadable' });
  });

  it('holds neither key nor name in the clear', async () => {
    const { find } = await make(passkey());
    const { profile, locks } = await find();
    const bytes = [profile, ...locks].map(({ content }) => new TextDecoder('latin1').decode(content)).join();
    expect(bytes).not.toContain('nurse');
  });

  it('takes a second lock, and one of a kind', async () => {
    const first = passkey();
    const { store, key, find } = await make(first);
    await addLock(store, await find(), first, passphrase('one long passphrase'));
    await addLock(store, await find(), first, passphrase('another passphrase'));
    expect((await find()).locks.map(({ kind }) => kind)).toEqual(['passkey', 'passphrase']);
    expect(await same((await openVault(await find(), passphrase('another passphrase'))).key, key)).toBe(true);
    await expect(openVault(await find(), passphrase('one long passphrase'))).rejects.toMatchObject({
      code: 'record_unreadable',
    });
  });

  it('changes its key: copies stay readable, earlier keys and other secrets open nothing', async () => {
    const secret = passkey();
    const { store, key, find } = await make(secret);
    await addLock(store, await find(), secret, passphrase('a passphrase'));
    const sealed = await createSealer(key).seal('visits', `${person.id}/v`, NOW, { name: '野々山' });
    const foreign = await createSealer(key).seal('visits', 'B/v', NOW, 1);
    await store.write([
      { kind: 'put', table: 'visits', record: { ...sealed, owner: person.id } },
      { kind: 'put', table: 'visits', record: { ...foreign, owner: 'B' } },
    ]);
    const changed = await changeKey(store, await find(), secret, NOW);
    expect(await same(changed.key, key)).toBe(false);
    const [mine] = (await store.readAll('visits')).filter((record) => 'owner' in record && record.owner === person.id);
    if (!mine || !('iv' in mine)) throw new TypeError('sealed');
    expect(await createSealer(changed.key).open('visits', mine, z.unknown())).toEqual({ name: '野々山' });
    await expect(createSealer(key).open('visits', mine, z.unknown())).rejects.toMatchObject({
      code: 'record_unreadable',
    });
    await expect(openVault(await find(), passphrase('a passphrase'))).rejects.toMatchObject({
      code: 'record_unreadable',
    });
    expect(await same((await openVault(await find(), secret)).key, changed.key)).toBe(true);
  });

  it('is forgotten with its copies, and what waits for the gateway stays', async () => {
    const { store, key } = await make(passphrase('forgotten by its holder'));
    const sealed = await createSealer(key).seal('results', `${person.id}/r`, NOW, 1);
    const letter = { id: 'w', createdAt: 1, letter: 'a.b.c.d.e', problem: null };
    await store.write([
      { kind: 'put', table: 'results', record: { ...sealed, owner: person.id } },
      { kind: 'put', table: 'outbox', record: letter },
    ]);
    await forgetVault(store, person.id);
    expect(await store.readAll('vaults')).toEqual([]);
    expect(await store.readAll('results')).toEqual([]);
    expect(await store.readAll('outbox')).toEqual([letter]);
  });
});
