import { type Day, addDays, addYears, endOfDay, startOfDay } from './calendar.ts';
import { type SyntheticAuthority, createAuthority } from './x509/authority.ts';
import { generateRsaKeyPairs } from './x509/key-pair.ts';
import type { NameTemplate } from './x509/name-template.ts';

/** Oldest generation first. The oldest has ended; cards in use are from the two others. */
export type Generations = readonly [SyntheticAuthority, SyntheticAuthority, SyntheticAuthority];

/** JPKI-like authorities: three generations for authentication and three for signature, each three of one and the same name. */
export interface JpkiHierarchy {
  readonly auth: Generations;
  readonly sign: Generations;
}

function authorityName(use: string): NameTemplate {
  return [
    ['country', 'JP'],
    ['organisation', 'SYNTHETIC JPKI'],
    ['organisationalUnit', `SYNTHETIC JPKI for ${use}`],
    ['organisationalUnit', 'Tsunagi test authority'],
  ];
}

/** Years before and after today, in the rhythm of the real ones: ten years each, overlapping. */
const GENERATION_YEARS = [
  [-11, -1],
  [-7, 3],
  [-3, 7],
] as const;

/** New authorities with fresh keys. */
export async function createJpkiHierarchy(today: Day): Promise<JpkiHierarchy> {
  const [auth, sign] = await Promise.all([
    createGenerations('auth', authorityName('user authentication'), today),
    createGenerations('sign', authorityName('digital signature'), today),
  ]);
  return { auth, sign };
}

async function createGenerations(use: 'auth' | 'sign', subject: NameTemplate, today: Day): Promise<Generations> {
  const keys = await generateRsaKeyPairs(GENERATION_YEARS.length);
  const generations = GENERATION_YEARS.map(([from, to], i) => {
    const pair = keys[i];
    if (!pair) throw new RangeError('a key for every generation');
    const plan = {
      id: `jpki-${use}-${i + 1}`,
      subject,
      serialNumber: Uint8Array.of(i + 1),
      notBefore: startOfDay(addYears(today, from)),
      notAfter: endOfDay(addDays(addYears(today, to), -1)),
      // Like the real ones: a place in a directory that only certified verifiers reach.
      listLocation: { directory: [...subject, ['commonName', `CRL${i + 1}`]] satisfies NameTemplate },
    };
    return createAuthority(plan, pair);
  });
  const [first, second, third] = await Promise.all(generations);
  if (!first || !second || !third) throw new RangeError('three generations');
  return [first, second, third];
}

/** The newest generation that was issuing on a day. */
export function generationOn(generations: Generations, day: Day, today: Day): SyntheticAuthority {
  return day >= addYears(today, GENERATION_YEARS[2][0]) ? generations[2] : generations[1];
}
