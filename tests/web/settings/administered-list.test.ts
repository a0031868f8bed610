import { expect, it } from 'vitest';
import { Problem } from '#api/contract/problem.ts';
import { AdministeredList } from '#lib/settings/administered-list.svelte.ts';

/** A gateway that holds names, and what the screen was told. */
function createNames() {
  const names = ['one'];
  const told: unknown[] = [];
  const network = { isUp: true };
  const list = new AdministeredList(
    () => (network.isUp ? Promise.resolve([...names]) : Promise.reject(new Problem('unavailable', 'away'))),
    (cause) => void told.push(cause),
  );
  return { names, told, network, list };
}

it('shows what a change came to', async () => {
  const { names, list, told } = createNames();
  expect(list.entries).toBeUndefined();
  await list.load();
  expect(list.entries).toEqual(['one']);
  await list.change(() => Promise.resolve(names.push('two')));
  expect(list.entries).toEqual(['one', 'two']);
  expect(told).toEqual([]);
});

it('tells why a change was refused, and goes on showing what there is', async () => {
  const { list, told } = createNames();
  await list.load();
  await list.change(() => Promise.reject(new Problem('last_administrator', 'no')));
  expect(told).toMatchObject([{ code: 'last_administrator' }]);
  expect([list.entries, list.error]).toEqual([['one'], undefined]);
});

it('says why it cannot be fetched', async () => {
  const { list, network } = createNames();
  network.isUp = false;
  await list.load();
  expect(list.error).toMatchObject({ code: 'unavailable' });
});
