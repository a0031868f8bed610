import { beforeAll, describe, expect, it } from 'vitest';
import { signDirectory, type Directory } from '#api/contract/directory.ts';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import type { SigningKey } from '#api/contract/jose.ts';
import { signSuccession } from '#api/contract/key-succession.ts';
import { createDirectoryBook } from '#api/directory/directory-book.ts';
import { openSqlite } from '#api/storage/sqlite/database.ts';
import { createSqliteDirectoryStore, directorySchema } from '#api/storage/sqlite/directory.ts';
import { createKey, createParties, describe as contentOf, NOW, pin, type TestExchange } from '../parties/parties.ts';

let west: TestExchange;
let second: SigningKey;
let third: SigningKey;
beforeAll(async () => {
  ({ west } = await createParties());
  [second, third] = await Promise.all([createKey(), createKey()]);
});

const publicKey = ({ publicJwk }: SigningKey) => EcPublicJwk.parse(publicJwk);
const follows = (successor: SigningKey, key: SigningKey, exchange = 'west') =>
  signSuccession({ exchange, successor: successor.publicJwk, now: NOW }, key);
const openStore = () => createSqliteDirectoryStore(openSqlite(':memory:', [directorySchema]));
const openBook = (store = openStore()) => createDirectoryBook(store, () => NOW);
/** A directory of WEST by one of its keys. */
const issue = (serial: number, signer: SigningKey, change: Partial<Directory>) =>
  signDirectory({ ...contentOf(west), serial, ...change }, signer);

describe('a directory after a change of keys', () => {
  it('is believed for the succession that it brings, also offline after a restart', async () => {
    const store = openStore();
    const successions = [await follows(second, west.key)];
    const jws = await issue(2, second, { signingKeys: [publicKey(second)], successions });
    await openBook(store).accept(pin(west), jws);
    const restarted = openBook(store);
    await restarted.load(() => pin(west));
    expect(restarted.view.directories[0]?.serial).toBe(2);
  });

  it('is believed over several changes, in whatever order they stand', async () => {
    const successions = [await follows(third, second), await follows(second, west.key)];
    const jws = await issue(3, third, { signingKeys: [publicKey(third)], successions });
    expect((await openBook().accept(pin(west), jws)).serial).toBe(3);
  });

  it.each([
    ['nothing', () => Promise.resolve([])],
    ['a succession that a stranger signed', async () => [await follows(second, third)]],
    ['a succession within another exchange', async () => [await follows(second, west.key, 'north')]],
    ['something else', () => Promise.resolve(['a.b.c'])],
  ])('is refused with %s to show for it', async (_, show) => {
    const jws = await issue(2, second, { signingKeys: [publicKey(second)], successions: await show() });
    await expect(openBook().accept(pin(west), jws)).rejects.toMatchObject({ code: 'directory_untrusted' });
  });

  it('may still be signed by the old key while both are listed, and no longer once it is put away', async () => {
    const book = openBook();
    const successions = [await follows(second, west.key)];
    const both = [publicKey(second), publicKey(west.key)];
    await book.accept(pin(west), await issue(2, second, { signingKeys: both, successions }));
    await book.accept(pin(west), await issue(3, west.key, { signingKeys: both, successions }));
    const retired = { signingKeys: [publicKey(second)], formerKeys: [publicKey(west.key)], successions };
    await book.accept(pin(west), await issue(4, second, retired));
    await expect(book.accept(pin(west), await issue(5, west.key, {}))).rejects.toMatchObject({
      code: 'directory_untrusted',
    });
  });

  it('still verifies what the old key signed', async () => {
    const book = openBook();
    const successions = [await follows(second, west.key)];
    const formerKeys = [publicKey(west.key)];
    await book.accept(pin(west), await issue(2, second, { signingKeys: [publicKey(second)], formerKeys, successions }));
    const find = book.view.exchangeKeys('west');
    expect(await find({ kid: west.key.kid })).toEqual(publicKey(west.key));
    expect(await find({ kid: second.kid })).toEqual(publicKey(second));
  });
});
