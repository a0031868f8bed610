import type { Copies } from '#lib/offline/copies.ts';
import type { OfflineStore, SealedRecord, StoreChange } from '#lib/offline/offline-store.ts';
import { createSealer, openStorageKey } from '#lib/offline/sealer.ts';
import { LocalVisit } from './local-visit.ts';

/** Visits that a server knows, for the screens of whoever is signed in. */
export interface VisitCopies {
  /** How these visits are filed now; nothing is written yet. What names a person is sealed, or stays in memory. */
  file(visits: readonly LocalVisit[]): Promise<readonly StoreChange[]>;
  /** Keeps visits that a server told of and forgets everybody's filed before `since`. */
  keep(visits: readonly LocalVisit[], since: Date): Promise<void>;
  /** Those that can be read by whoever is signed in. */
  list(): Promise<readonly LocalVisit[]>;
  /** Whether something is left that only the device's own key opens. */
  needsDeviceKey(): Promise<boolean>;
}

/** @param now when a visit is filed; yesterday's go when a new day's list arrives, however old their tap */
export function createVisitCopies(store: OfflineStore, copies: Copies, now: () => Date): VisitCopies {
  const isOld = (record: object): record is SealedRecord => 'iv' in record && !('owner' in record);

  async function file(visits: readonly LocalVisit[]): Promise<readonly StoreChange[]> {
    const changes = visits.map(async (visit): Promise<readonly StoreChange[]> => {
      const id = visit.submissionId;
      const record = await copies.seal('visits', id, now(), visit);
      // What was filed while nobody was signed in is known better now.
      if (record)
        return [
          { kind: 'remove', table: 'visits', id },
          { kind: 'put', table: 'visits', record },
        ];
      if (visit.view === null) {
        return [{ kind: 'put', table: 'visits', record: { id, createdAt: now().getTime(), open: visit } }];
      }
      return [];
    });
    return (await Promise.all(changes)).flat();
  }

  return {
    file,
    async keep(visits, since) {
      const outdated = (await store.readAll('visits')).filter(({ createdAt }) => createdAt < since.getTime());
      const removals = outdated.map(({ id }): StoreChange => ({ kind: 'remove', table: 'visits', id }));
      await store.write([...removals, ...(await file(visits))]);
    },
    async list() {
      const records = await store.readAll('visits');
      const old = records.some(isOld) ? createSealer(await openStorageKey(store)) : undefined;
      const readings = await Promise.allSettled(
        records.map(async (record) => {
          if ('open' in record) return LocalVisit.parse(record.open);
          if (isOld(record)) return copies.isOpen && old ? old.open('visits', record, LocalVisit) : undefined;
          return copies.open('visits', record, LocalVisit);
        }),
      );
      const found = readings.flatMap((reading) =>
        reading.status === 'fulfilled' && reading.value ? [reading.value] : [],
      );
      // What is in memory is newer than what was filed while nobody was signed in.
      const all = [...found, ...copies.inMemory('visits', LocalVisit)];
      return [...new Map(all.map((visit) => [visit.submissionId, visit])).values()];
    },
    needsDeviceKey: async () => (await store.readAll('visits')).some(isOld),
  };
}
