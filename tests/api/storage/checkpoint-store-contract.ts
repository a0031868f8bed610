import { expect, it } from 'vitest';
import type { CheckpointStore } from '#api/storage/checkpoints.ts';

/** What every driver of a gateway's newest checkpoint must do. */
export function testCheckpointStore(open: () => CheckpointStore | Promise<CheckpointStore>): void {
  it('keeps the newest', async () => {
    const store = await open();
    expect(await store.read()).toBeUndefined();
    await store.save({ size: 3, note: 'three' });
    await store.save({ size: 7, note: 'seven' });
    expect(await store.read()).toBe('seven');
  });

  it('takes another note of the same size, and never a smaller one', async () => {
    const store = await open();
    await store.save({ size: 7, note: 'seven' });
    await store.save({ size: 7, note: 'seven, cosigned' });
    await store.save({ size: 6, note: 'six' });
    expect(await store.read()).toBe('seven, cosigned');
  });

  it('keeps the largest of many at once', async () => {
    const store = await open();
    await Promise.all([4, 9, 1, 8, 2].map((size) => store.save({ size, note: `note ${size}` })));
    expect(await store.read()).toBe('note 9');
  });
}
