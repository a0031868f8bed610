import type { HpkiPersonalisation, MyNumberPersonalisation } from 'webusb-ccid/simulated';
import type { InstitutionId } from '../contract/ids.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';

/** Why a card is worth trying, for the menu. */
type Note = 'insurance_expired' | 'certificate_revoked' | 'card_not_enrolled' | 'doctor' | 'pharmacist' | 'nurse';

/** A simulated card as the app offers it: what its issuer wrote on it, and a note. */
export type DemoCard = (MyNumberPersonalisation | HpkiPersonalisation) & { readonly note?: Note };

const ROLE_NOTES: Readonly<Record<string, Note>> = {
  'Medical Doctor': 'doctor',
  Pharmacist: 'pharmacist',
  'General Nurse': 'nurse',
};

/** Everybody's My Number Card, and the HPKI cards of those who work at the institution. */
export function listDemoCards(world: SyntheticWorld, institution: InstitutionId): readonly DemoCard[] {
  const patients = world.people.flatMap(({ cardId, trait }) => {
    const card = world.cards.mynumber.find(({ id }) => id === cardId);
    return card ? [{ ...card, ...(trait === 'ordinary' ? {} : { note: trait }) }] : [];
  });
  const staff = world.staff.flatMap(({ cardId, institution: workplace, role }) => {
    const card = world.cards.hpki.find(({ id }) => id === cardId);
    const note = ROLE_NOTES[role];
    return card && workplace === institution ? [{ ...card, ...(note ? { note } : {}) }] : [];
  });
  return [...patients, ...staff];
}
