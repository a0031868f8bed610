import type { AccessBasis } from '../contract/access-event.ts';
import type { Subject } from '../contract/ids.ts';
import { Binding } from '../contract/binding.ts';
import type { Priority } from '../contract/envelope.ts';
import { readClaims } from '../contract/jose.ts';
import type { PolicyPurpose } from '../contract/policy.ts';
import type { ShareRequest } from '../contract/share-request.ts';
import { readVisitRecord } from '../contract/visit-record.ts';
import type { InboxEntry } from '../storage/sharing.ts';
import { readRequest } from './request-statement.ts';

/** On what ground a request asks. */
export const basisOf = ({ consent }: Pick<ShareRequest, 'consent'>): AccessBasis => (consent ? 'consent' : 'emergency');

/** Its purpose as policies tell it apart. */
export const policyPurposeOf = ({ consent, purpose }: Pick<ShareRequest, 'consent' | 'purpose'>): PolicyPurpose =>
  consent ? purpose : 'break_glass';

/** How soon a request and what it brings shall travel: in an emergency before everything else. */
export const priorityOf = (request: Pick<ShareRequest, 'consent' | 'purpose'>): Priority =>
  policyPurposeOf(request) === 'treatment' ? 'normal' : 'urgent';

/** Whose records a request that arrived is about, where a check showed it; null where it is only said. */
export function provenSubject({ request: jws, checks }: Pick<InboxEntry, 'request' | 'checks'>): Subject | null {
  const held = (name: string) => checks.some(({ check, ok }) => check === name && ok);
  const { consent, attendance } = readRequest(jws);
  if (consent && held('consent_signature')) return readClaims(consent.binding, Binding).subject;
  if (attendance !== undefined && held('attendance')) return readVisitRecord(attendance).subject;
  return null;
}
