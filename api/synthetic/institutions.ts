import type { InstitutionId, LocalName, NetworkId } from '../contract/ids.ts';

/** A made-up hospital or clinic in a made-up regional network. */
export interface SyntheticInstitution {
  readonly id: InstitutionId;
  readonly network: NetworkId;
  /** Prefecture 2, fee table 1, number 7. */
  readonly code: string;
  readonly name: LocalName;
  readonly kind: 'hospital' | 'clinic';
}

/** The two institutions of the story: A, where results are kept, and B, where the patient is now. */
export const SYNTHETIC_INSTITUTIONS = {
  a: {
    id: 'sakura/1310000012',
    network: 'sakura',
    code: '1310000012',
    name: { ja: 'さくら模擬病院', en: 'Sakura Synthetic Hospital' },
    kind: 'hospital',
  },
  b: {
    id: 'hoshi/2710000034',
    network: 'hoshi',
    code: '2710000034',
    name: { ja: 'ほし模擬クリニック', en: 'Hoshi Synthetic Clinic' },
    kind: 'clinic',
  },
} as const satisfies Record<string, SyntheticInstitution>;
