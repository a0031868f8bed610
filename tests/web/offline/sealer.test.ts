import { expect, it } from 'vitest';
import * as z from 'zod';
import { createMemoryStore } from '#lib/offline/memory-store.ts';
import { createSealer, openStorageKey } from '#lib/offline/sealer.ts';

const Value = z.object({ name: z.string() });
const AT = new Date('2026-11-22T03:00:00Z');

const openSealer = async () => createSealer(await openStorageKey(createMemoryStore()));

it('opens what it sealed', async () => {
  const sealer = await openSealer();
  const record = await sealer.seal('outbox', 'a', AT, { name: '野々山' });
  expect(record.createdAt).toBe(AT.getTime());
  expect(await sealer.open('outbox', record, Value)).toEqual({ name: '野々山' });
});

it('leaves nothing readable in the record', async () => {
  const sealer = await openSealer();
  const { content } = await sealer.seal('outbox', 'a', AT, { name: 'nonoyama' });
  expect(new TextDecoder('latin1').decode(content)).not.toContain('nonoyama');
});

it('seals the same value differently every time', async () => {
  const sealer = await openSealer();
  const [first, second] = await Promise.all([1, 2].map(() => sealer.seal('outbox', 'a', AT, { name: 'x' })));
  expect(first?.content).not.toEqual(second?.content);
});

it.each([
  ['another id', { id: 'b', table: 'outbox', hasOtherKey: false }],
  ['another table', { id: 'a', table: 'visits', hasOtherKey: false }],
  ['another key', { id: 'a', table: 'outbox', hasOtherKey: true }],
] as const)('does not open a record under %s', async (_, { id, table, hasOtherKey }) => {
  const sealer = await openSealer();
  const record = await sealer.seal('outbox', 'a', AT, { name: 'x' });
  const opener = hasOtherKey ? await openSealer() : sealer;
  await expect(opener.open(table, { ...record, id }, Value)).rejects.toMatchObject({ code: 'record_unreadable' });
});

it('does not open a record of another shape, nor a damaged one', async () => {
  const sealer = await openSealer();
  const record = await sealer.seal('outbox', 'a', AT, { name: 1 });
  await expect(sealer.open('outbox', record, Value)).rejects.toMatchObject({ code: 'record_unreadable' });
  record.content[0]! ^= 1;
  await expect(sealer.open('outbox', record, z.unknown())).rejects.toMatchObject({ code: 'record_unreadable' });
});

it('makes the storage key once, and never extractable', async () => {
  const store = createMemoryStore();
  const key = await openStorageKey(store);
  expect(await openStorageKey(store)).toBe(key);
  expect(key.extractable).toBe(false);
});
