import * as z from 'zod';
import { StaffPerson } from '#api/contract/staff-person.ts';
import type { PreferenceStore } from '#lib/app/preferences.svelte.ts';

const KEY = 'tsunagi.people';
/** A ward's shift. */
const MOST = 8;

const RecentPerson = z.object({ ...StaffPerson.unwrap().shape, credentialId: z.string() }).readonly();
/** Somebody who signed in on this device before, and with which passkey. */
export type RecentPerson = z.infer<typeof RecentPerson>;
const People = z.array(RecentPerson).readonly();

/** Who was here lately, newest first: names of staff, for switching between them with one touch. */
export function createRecentPeople(store: PreferenceStore) {
  const list = (): readonly RecentPerson[] => {
    try {
      return People.safeParse(JSON.parse(store.getItem(KEY) ?? '[]')).data ?? [];
    } catch {
      // Not JSON: as good as nobody.
      return [];
    }
  };
  const keep = (people: readonly RecentPerson[]) => store.setItem(KEY, JSON.stringify(people.slice(0, MOST)));
  return {
    list,
    note: (person: RecentPerson) => keep([person, ...list().filter(({ id }) => id !== person.id)]),
    forget: (id: string) => keep(list().filter((person) => person.id !== id)),
  };
}

export type RecentPeople = ReturnType<typeof createRecentPeople>;
