import { describe, expect, it } from 'vitest';
import { createCosigning } from '../../../api/evidence/cosigning.ts';
import { createSimulatedAuthority } from '../../../api/evidence/time-stamp-authority.ts';
import { createTimeStamping } from '../../../api/evidence/time-stamping.ts';
import { parseSignedCheckpoint } from '../../../api/contract/evidence/checkpoint.ts';
import { countCosignatures } from '../../../api/contract/evidence/log-witnesses.ts';
import type { EvidenceStore } from '../../../api/storage/evidence.ts';
import { openTestLog } from './evidence-fixture.ts';
import { openTestWitness } from './witness-fixture.ts';

/** A write that fails once, before it reaches the store or after. */
const FAULTS = {
  'not stored': async <T>(write: () => Promise<T>): Promise<T> => {
    await Promise.resolve(write);
    throw new RangeError('power lost before the write');
  },
  'stored but unanswered': async <T>(write: () => Promise<T>): Promise<T> => {
    await write();
    throw new RangeError('power lost after the write');
  },
} as const;

describe.each(Object.entries(FAULTS))('a write that is %s', (name, fault) => {
  it('of a cosignature leaves the checkpoint as it was or with it, and the next round makes it whole', async () => {
    let isFailing = true;
    const { open, append, store, signer } = await openTestLog((real) => ({
      ...real,
      addCosignature: (...args) => {
        const write = () => real.addCosignature(...args);
        return isFailing ? fault(write) : write();
      },
    }));
    const log = await open();
    await append(3);
    await log.integrate();
    const witness = await openTestWitness('w.example', [signer.verifier]);
    const cosigning = createCosigning(log, [witness.http]);
    await expect(cosigning.cosignLatest()).rejects.toThrow(RangeError);
    const note = async () => (await store.readLatestCheckpoint())?.note ?? '';
    const before = await note();
    expect(countCosignatures(before)).toBe(name === 'not stored' ? 0 : 1);
    isFailing = false;
    // The witness has moved on meanwhile and says so; it signs the same state again.
    expect((await cosigning.cosignLatest()).map(({ error }) => error)).toEqual([undefined]);
    expect(countCosignatures(await note())).toBe(1);
    expect(parseSignedCheckpoint(await note()).checkpoint).toEqual(parseSignedCheckpoint(before).checkpoint);
    expect(await store.readLatestCosigned(1)).toMatchObject({ size: 3 });
  });

  it('of a time-stamp leaves one token or none, and the next round one', async () => {
    let isFailing = true;
    const { open, append, store, time } = await openTestLog();
    const log = await open();
    await append(3);
    await log.integrate();
    const faulty: EvidenceStore = {
      ...store,
      addTimestamp: (stamp) => {
        const write = () => store.addTimestamp(stamp);
        return isFailing ? fault(write) : write();
      },
    };
    const authorities = [createSimulatedAuthority(() => time.now)];
    const stamping = createTimeStamping({ store: faulty, authorities, clock: () => time.now });
    await expect(stamping.stampOnce()).rejects.toThrow(RangeError);
    const first = await store.readLatestTimestamp();
    expect(first?.size).toBe(name === 'not stored' ? undefined : 3);
    isFailing = false;
    time.now = new Date(time.now.getTime() + 60_000);
    const second = await stamping.stampOnce();
    // A token that was stored stays: the earlier time says more.
    expect(second).toMatchObject(first ?? { size: 3, time: time.now });
    expect(await store.readLatestTimestamp()).toEqual(second);
  });
});
