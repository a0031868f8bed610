import type { HpkiPersonalisation, MyNumberPersonalisation } from 'webusb-ccid/simulated';
import { type CardIssuer, createCardIssuer } from './card-issuers.ts';
import { encodeHex } from '../contract/hex.ts';
import { type Day, addDays, dayInJapan, startOfDay } from './calendar.ts';
import { personaliseHpkiCard } from './cards/hpki-card.ts';
import { type IssuedMyNumberCard, personaliseMyNumberCard } from './cards/my-number-card.ts';
import { type HpkiHierarchy, createHpkiHierarchy } from './hpki-hierarchy.ts';
import { SYNTHETIC_INSTITUTIONS, type SyntheticInstitution } from './institutions.ts';
import { type JpkiHierarchy, createJpkiHierarchy } from './jpki-hierarchy.ts';
import { SYNTHETIC_INSURERS, type SyntheticInsurer } from './people/insurers.ts';
import { createNames } from './people/names.ts';
import { createPeople } from './people/people.ts';
import type { SyntheticPerson } from './people/person.ts';
import { type SyntheticStaff, createStaff } from './people/staff.ts';
import { type Random, createRandom } from './random.ts';
import type { SyntheticAuthority } from './x509/authority.ts';
import { generateRsaKeyPair } from './x509/key-pair.ts';
import { type RevokedEntry, revoke } from './x509/revoked-entry.ts';

/** Everybody and everything a demonstration needs, made up and saying so. Plain JSON; holds private keys of nobody real. */
export interface SyntheticWorld {
  readonly version: 1;
  readonly seed: string;
  /** RFC 3339. Ages, validities and expiries were counted from this instant. */
  readonly createdAt: string;
  readonly people: readonly SyntheticPerson[];
  readonly staff: readonly SyntheticStaff[];
  readonly insurers: readonly SyntheticInsurer[];
  /** A, the hospital, and B, the clinic. */
  readonly institutions: { readonly a: SyntheticInstitution; readonly b: SyntheticInstitution };
  readonly cards: {
    /** In the order of `people`. */
    readonly mynumber: readonly MyNumberPersonalisation[];
    /** In the order of `staff`. */
    readonly hpki: readonly HpkiPersonalisation[];
  };
  readonly jpki: JpkiHierarchy;
  readonly hpki: HpkiHierarchy;
  /** Who signed the records of the text and surface applications; a verifier pins `ca` of each. */
  readonly cardIssuers: { readonly text: CardIssuer; readonly surface: CardIssuer };
}

export interface WorldOptions {
  /** Determines who the people are. Keys and certificates are fresh every time. */
  readonly seed: string;
  readonly now: Date;
}

/** Makes a world. Takes a few seconds: some seventy RSA keys. */
export async function createSyntheticWorld({ seed, now }: WorldOptions): Promise<SyntheticWorld> {
  const today = dayInJapan(now);
  const random = createRandom(seed);
  const nameOf = createNames(random);
  const people = createPeople(random, nameOf, today);
  const staff = createStaff(random, nameOf);
  const [jpki, hpki, text, surface] = await Promise.all([
    createJpkiHierarchy(today),
    createHpkiHierarchy(today),
    createCardIssuer('text'),
    createCardIssuer('surface'),
  ]);
  const issuers = { jpki, text, surface };
  const [mynumber, hpkiCards] = await Promise.all([
    Promise.all(people.map((person, i) => issueMyNumberCard(person, i, issuers, today, seed))),
    Promise.all(staff.map((member, i) => issueHpkiCard(member, i, hpki, today, seed))),
  ]);
  return {
    version: 1,
    seed,
    createdAt: now.toISOString(),
    people,
    staff,
    insurers: Object.values(SYNTHETIC_INSURERS),
    institutions: SYNTHETIC_INSTITUTIONS,
    cards: { mynumber: mynumber.map(({ card }) => card), hpki: hpkiCards },
    jpki: revokeCertificates(jpki, people, mynumber, today),
    hpki,
    cardIssuers: { text, surface },
  };
}

/** A generator of its own for each card: keys become ready in any order, and the numbers must not depend on it. */
const randomFor = (seed: string, id: string): Random => createRandom(`${seed}/${id}`);

/** Some cards are older than the newest generation of CAs, as in every waiting room. */
const ISSUED_DAYS_AGO = [700, 1150, 1200, 400, 900, 300, 1100, 200, 500, 600, 60, 1250] as const;

async function issueMyNumberCard(
  person: SyntheticPerson,
  i: number,
  issuers: Parameters<typeof personaliseMyNumberCard>[2],
  today: Day,
  seed: string,
): Promise<IssuedMyNumberCard> {
  const [auth, sign, text, surface] = await Promise.all([
    generateRsaKeyPair(),
    generateRsaKeyPair(),
    generateRsaKeyPair(),
    generateRsaKeyPair(),
  ]);
  const issuedOn = addDays(today, -(ISSUED_DAYS_AGO[i % ISSUED_DAYS_AGO.length] ?? 0));
  const details = { issuedOn, today, random: randomFor(seed, person.cardId) };
  return personaliseMyNumberCard(person, { auth, sign, text, surface }, issuers, details);
}

async function issueHpkiCard(
  staff: SyntheticStaff,
  i: number,
  hpki: HpkiHierarchy,
  today: Day,
  seed: string,
): Promise<HpkiPersonalisation> {
  const [sign, auth] = await Promise.all([generateRsaKeyPair(), generateRsaKeyPair()]);
  // One card is laid out as the Medical Association's, so that both layouts are met.
  const layout = i === 1 ? 'jma' : 'guideline';
  return personaliseHpkiCard(staff, { sign, auth }, hpki, { layout, today, random: randomFor(seed, staff.cardId) });
}

const REVOKED_DAYS_AGO = 10;

function revokeCertificates(
  jpki: JpkiHierarchy,
  people: readonly SyntheticPerson[],
  cards: readonly IssuedMyNumberCard[],
  today: Day,
): JpkiHierarchy {
  const at = startOfDay(addDays(today, -REVOKED_DAYS_AGO)).toISOString();
  const revoked = cards.filter((_, i) => people[i]?.trait === 'certificate_revoked');
  const entryOf = ({ authSerialNumber }: IssuedMyNumberCard): RevokedEntry => ({
    serialNumber: encodeHex(authSerialNumber),
    at,
    reason: 'cessationOfOperation',
  });
  const withEntries = (authority: SyntheticAuthority): SyntheticAuthority =>
    revoked
      .filter(({ authAuthorityId }) => authAuthorityId === authority.id)
      .reduce((ca, card) => revoke(ca, entryOf(card)), authority);
  const [first, second, third] = jpki.auth;
  return { ...jpki, auth: [withEntries(first), withEntries(second), withEntries(third)] };
}
