import { HPKI_ROLES } from '../../contract/hpki-role.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import { SYNTHETIC_INSTITUTIONS } from '../institutions.ts';
import type { Random } from '../random.ts';
import type { DealName, SyntheticName } from './names.ts';

/** A made-up licensed person with an HPKI card. */
export interface SyntheticStaff {
  /** `staff-01` … */
  readonly id: string;
  readonly name: SyntheticName;
  readonly sex: 'male' | 'female';
  readonly institution: InstitutionId;
  /** The role text of their certificate. */
  readonly role: string;
  /** 医籍登録番号 and the like, as the certificate's subject carries it. */
  readonly registration: string;
  readonly cardId: string;
}

/** A licence that may not ask for anybody's results; its spelling in certificates is unconfirmed. */
const GENERAL_NURSE = 'General Nurse';

const POSTS = [
  { sex: 'female', institution: SYNTHETIC_INSTITUTIONS.b.id, role: HPKI_ROLES.medicalDoctor },
  { sex: 'male', institution: SYNTHETIC_INSTITUTIONS.a.id, role: HPKI_ROLES.medicalDoctor },
  { sex: 'female', institution: SYNTHETIC_INSTITUTIONS.a.id, role: HPKI_ROLES.pharmacist },
  { sex: 'male', institution: SYNTHETIC_INSTITUTIONS.b.id, role: GENERAL_NURSE },
] as const;

/** A doctor at B, a doctor and a pharmacist at A, a nurse at B. */
export function createStaff(random: Random, nameOf: DealName): readonly SyntheticStaff[] {
  return POSTS.map((post, i) => {
    const id = `staff-${String(i + 1).padStart(2, '0')}`;
    return { id, ...post, name: nameOf(post.sex), registration: `Synthetic${random.digits(6)}`, cardId: `hpki-${id}` };
  });
}
