import type { ConsentProof } from './consent.ts';
import type { InstitutionId } from './ids.ts';
import type { RecordKind } from './record-kind.ts';
import type { REQUEST_PURPOSES, ShareRequest } from './share-request.ts';

/** What a doctor decided, before anything is signed. */
export interface ShareRequestDraft {
  readonly id: string;
  readonly from: InstitutionId;
  readonly to: InstitutionId;
  readonly purpose: (typeof REQUEST_PURPOSES)[number];
  readonly kinds: readonly RecordKind[];
  /** Visit records (compact JWS) of the visits asked about, all at `to`. */
  readonly visits: readonly string[];
  readonly consent: ConsentProof;
  /** End of the consent, RFC 3339. */
  readonly consentExpires: string;
  /** Who asks, as people read it. */
  readonly requester: string;
  /** Why, in the doctor's words; `emergency` needs it. */
  readonly reason?: string | undefined;
}

/** Requests are answered by people: a week, and never longer than the patient agreed to. */
const ANSWER_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

const CONSENT_SCOPE = { system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' };
/** LOINC 59284-0, patient consent. */
const CONSENT_CATEGORY = { system: 'http://loinc.org', code: '59284-0' };

/** The share request that the HPKI card will sign, with its FHIR `Task` and `Consent`. @throws {RangeError} an emergency without a reason, no visit, no kind */
export function createShareRequest(draft: ShareRequestDraft, now: Date): ShareRequest {
  const { reason = '' } = draft;
  if (draft.visits.length === 0 || draft.kinds.length === 0) throw new RangeError('nothing is asked for');
  if (draft.purpose === 'emergency' && reason.trim() === '') throw new RangeError('an emergency needs a reason');
  const expires = new Date(Math.min(now.getTime() + ANSWER_WITHIN_MS, Date.parse(draft.consentExpires)));
  return {
    ...describe(draft, now, expires),
    visits: draft.visits,
    consent: draft.consent,
    fhirConsent: {
      resourceType: 'Consent',
      status: 'active',
      scope: { coding: [CONSENT_SCOPE] },
      category: [{ coding: [CONSENT_CATEGORY] }],
      dateTime: now.toISOString(),
      provision: { period: { end: draft.consentExpires } },
    },
  };
}

/** What a doctor decides when the patient cannot be asked. */
export type EmergencyDraft = Omit<ShareRequestDraft, 'purpose' | 'visits' | 'consent' | 'consentExpires' | 'reason'> & {
  readonly reason: string;
  /** The record of the patient's visit here, moments ago. */
  readonly attendance: string;
};

/** An emergency's answer is of use for a day. */
const EMERGENCY_ANSWER_WITHIN_MS = 24 * 60 * 60 * 1000;

/** A break-glass request: no consent, a written reason, and the patient there. @throws {RangeError} without a reason, no kind */
export function createEmergencyRequest(draft: EmergencyDraft, now: Date): ShareRequest {
  if (draft.kinds.length === 0) throw new RangeError('nothing is asked for');
  if (draft.reason.trim() === '') throw new RangeError('an emergency needs a reason');
  const expires = new Date(now.getTime() + EMERGENCY_ANSWER_WITHIN_MS);
  return { ...describe({ ...draft, purpose: 'emergency' }, now, expires), visits: [], attendance: draft.attendance };
}

function describe(
  draft: Pick<ShareRequestDraft, 'id' | 'from' | 'to' | 'purpose' | 'kinds' | 'requester' | 'reason'>,
  now: Date,
  expires: Date,
) {
  const { id, from, to, purpose, kinds, requester, reason = '' } = draft;
  const issuedAt = now.toISOString();
  const task: ShareRequest['task'] = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { text: kinds.join(', ') },
    authoredOn: issuedAt,
    requester: { display: requester.slice(0, 200) },
    owner: { identifier: { value: to } },
    ...(reason.trim() === '' ? {} : { reasonCode: { text: reason.trim().slice(0, 1000) } }),
  };
  return { version: 1 as const, id, from, to, issuedAt, expires: expires.toISOString(), purpose, kinds, task };
}
