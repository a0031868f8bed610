import type { Bed, BedConfirmation, BedOccupation, NewBed } from '../contract/bed.ts';
import { createId } from '../contract/ids.ts';
import type { Person } from '../contract/person.ts';
import { Problem } from '../contract/problem.ts';
import type { BedStore, StoredBed } from '../storage/beds.ts';

/** A visit at this institution; `person` is null while the exchange has not said whose card it was. */
interface KnownVisit {
  readonly person: Person | null;
}

export interface WardParts {
  readonly store: BedStore;
  readonly findVisit: (visitId: string) => Promise<KnownVisit | undefined>;
  readonly now: () => Date;
}

/** The beds of an institution, and whose card was laid on the reader at which. */
export function createWard({ store, findVisit, now }: WardParts) {
  /** @throws {Problem} `not_found`; `conflict` while nobody knows whose card it was */
  async function personOf(visitId: string): Promise<Person> {
    const visit = await findVisit(visitId);
    if (!visit) throw new Problem('not_found', 'no such visit here');
    if (!visit.person) throw new Problem('conflict', 'the exchange has not said yet whose card that was');
    return visit.person;
  }

  async function view({ id, ward, name, occupant }: StoredBed): Promise<Bed> {
    const visit = occupant ? await findVisit(occupant.visitId) : undefined;
    return {
      ...{ id, ward, name },
      person: visit?.person ?? null,
      since: occupant?.since.toISOString() ?? null,
      confirmedAt: occupant?.confirmedAt?.toISOString() ?? null,
    };
  }

  const viewed = async (bed: StoredBed | undefined): Promise<Bed> => {
    if (!bed) throw new Problem('not_found', 'no such bed here');
    return view(bed);
  };

  return {
    list: async (): Promise<readonly Bed[]> => Promise.all((await store.list()).map(view)),
    add: async (bed: NewBed): Promise<Bed> => view(await store.add({ id: createId(), ...bed })),
    remove: (id: string): Promise<void> => store.remove(id),
    async occupy(id: string, { visitId, replacing }: BedOccupation): Promise<Bed> {
      const person = visitId === null ? null : await personOf(visitId);
      const occupant = visitId === null || !person ? null : { visitId, subject: person.subject, at: now() };
      return viewed(await store.occupy(id, occupant, replacing));
    },
    /** Compares who lies there with whose card it was; only the same person's card confirms. */
    async confirm(id: string, visitId: string): Promise<BedConfirmation> {
      const person = await personOf(visitId);
      const bed = await store.confirm(id, person.subject, now());
      const lying = bed?.occupant?.subject;
      const outcome = lying === undefined ? 'empty' : lying === person.subject ? 'same' : 'other';
      return { outcome, person, bed: await viewed(bed) };
    },
  };
}

export type Ward = ReturnType<typeof createWard>;
