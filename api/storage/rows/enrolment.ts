import type { CardBinding } from '../enrolment.ts';

export interface EnrolmentChallengeRow {
  readonly challenge: string;
  readonly institution: string;
  readonly expires: number;
  readonly used_by: string | null;
}

export interface BindingRow {
  readonly cert_hash: string;
  readonly subject: string;
  readonly key_n: string;
  readonly key_e: string;
  readonly application: string;
  readonly institution: string;
  readonly enrolled_at: number;
}

export const toBinding = (row: BindingRow): CardBinding => ({
  certHash: row.cert_hash,
  subject: row.subject,
  cardKey: { kty: 'RSA', n: row.key_n, e: row.key_e },
  application: readApplication(row.application),
  institution: row.institution,
  enrolledAt: new Date(row.enrolled_at),
});

export function readApplication(text: string): CardBinding['application'] {
  if (text === 'text-ap' || text === 'surface-ap' || text === 'jpki') return text;
  throw new RangeError('an application that this release does not know');
}
