import * as z from 'zod';

/**
 * Every refusal the servers give, with its HTTP status. The code is stable and both language files of the app hold a
 * sentence for each.
 */
export const PROBLEM_STATUS = {
  malformed_request: 400,
  clock_skew: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  internal: 500,
  unavailable: 503,

  terminal_unknown: 403,
  terminal_revoked: 403,
  terminal_code_wrong: 403,
  terminal_signature_invalid: 403,
  staff_required: 401,
  role_missing: 403,
  passkey_unknown: 403,
  passkey_invalid: 403,
  too_many_attempts: 429,
  invitation_wrong: 403,
  set_up_already: 409,
  last_administrator: 409,

  presence_malformed: 400,
  presence_method_unsupported: 400,
  presence_attestation_invalid: 403,
  presence_signature_invalid: 403,
  presence_wrong_audience: 403,
  presence_wrong_actor: 403,
  presence_wrong_purpose: 403,
  presence_stale: 403,
  presence_replayed: 409,
  presence_challenge_unknown: 403,
  presence_challenge_expired: 403,
  presence_checkpoint_unknown: 403,
  presence_certificate_mismatch: 403,
  card_not_enrolled: 403,

  certificate_malformed: 403,
  certificate_expired: 403,
  certificate_not_yet_valid: 403,
  certificate_untrusted: 403,
  certificate_revoked: 403,
  certificate_status_unknown: 503,
  certificate_wrong_profile: 403,
  certificate_wrong_policy: 403,

  enrolment_challenge_unknown: 403,
  enrolment_signature_invalid: 403,
  enrolment_record_untrusted: 403,

  payer_unreachable: 503,
  person_not_found: 404,

  exchange_unreachable: 503,
  directory_untrusted: 403,
  directory_stale: 503,
  directory_downgrade: 403,
  recipient_unknown: 404,
  access_denied: 403,

  envelope_malformed: 400,
  envelope_signature_invalid: 403,
  envelope_digest_mismatch: 400,
  envelope_expired: 410,
  envelope_too_large: 413,
  mailbox_full: 429,
  storage_full: 503,
  upload_unknown: 404,
  upload_wrong_offset: 409,

  session_unknown: 404,
  session_malformed: 400,
  session_untrusted: 403,
  session_replayed: 409,
  session_ended: 410,
  query_unanswered: 504,

  consent_invalid: 403,
  consent_expired: 403,
  consent_wrong_recipient: 403,
  consent_wrong_scope: 403,
  consent_wrong_person: 403,
  consent_withdrawn: 403,
  attendance_invalid: 403,
  policy_refused: 403,
  alarm_open: 409,
  hpki_role_missing: 403,
  hpki_role_not_allowed: 403,
  request_malformed: 400,
  request_signature_invalid: 403,
  request_wrong_recipient: 403,
  request_replayed: 409,
  request_stale: 403,
  request_already_answered: 409,
  visit_not_ours: 403,
  nothing_to_release: 409,
  decryption_failed: 403,
  release_signature_invalid: 403,
  release_not_requested: 403,
  prescription_used: 409,

  fhir_malformed: 400,
  fhir_unsupported: 400,
  fhir_reference_missing: 400,
  fhir_invalid: 400,
  attachment_type_refused: 400,
  attachment_too_large: 413,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;
export const PROBLEM_CODES = Object.keys(PROBLEM_STATUS) as readonly ProblemCode[];

/** RFC 9457 problem document. `detail` is for developers and names no person; people read the sentence for `code`. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]),
  detail: z.string().optional(),
});
export type ProblemDocument = z.infer<typeof ProblemDocument>;

/** A refusal on its way to a client. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  /** When to come again at the earliest (RFC 9110 §10.2.3), where the refuser knows. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number | undefined },
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'Problem';
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }

  get status(): number {
    return PROBLEM_STATUS[this.code];
  }

  toDocument(): ProblemDocument {
    return {
      type: `urn:tsunagi:problem:${this.code}`,
      title: this.code.replaceAll('_', ' '),
      status: this.status,
      code: this.code,
      detail: this.detail,
    };
  }
}
