import * as z from 'zod';
import { ProblemDocument } from './problem.ts';

const SIGNER_CHECKS = ['signature', 'certificate_path', 'certificate_status', 'role'] as const;

/** What is checked before a release, by the ground of the request; every check is shown with its result. */
export const RELEASE_CHECKS_OF = {
  consent: [
    ...SIGNER_CHECKS,
    ...(['consent_signature', 'consent_recipient', 'consent_scope', 'consent_expiry', 'consent_standing'] as const),
    ...(['visit_ours', 'visit_person', 'not_replayed', 'clock'] as const),
  ],
  /** Break-glass: in place of the consent, a reason and that the patient is there. */
  emergency: [...SIGNER_CHECKS, ...(['reason', 'attendance', 'visit_ours', 'not_replayed', 'clock'] as const)],
} as const;
export type ReleaseCheckCode = (typeof RELEASE_CHECKS_OF)[keyof typeof RELEASE_CHECKS_OF][number];
export const RELEASE_CHECKS: readonly ReleaseCheckCode[] = [
  ...new Set<ReleaseCheckCode>([...RELEASE_CHECKS_OF.consent, ...RELEASE_CHECKS_OF.emergency]),
];

/** One check with its result. */
export const ReleaseCheck = z
  .object({
    check: z.enum(RELEASE_CHECKS as [ReleaseCheckCode, ...ReleaseCheckCode[]]),
    ok: z.boolean(),
    problem: ProblemDocument.nullable(),
  })
  .readonly();
export type ReleaseCheck = z.infer<typeof ReleaseCheck>;
