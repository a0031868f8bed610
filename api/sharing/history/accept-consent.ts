import { signBinding } from '../../contract/binding.ts';
import { requireConsentExpiry, requireConsentRecipient, requireConsentScope } from '../../contract/consent.ts';
import { digestBase64Url } from '../../contract/encoding.ts';
import type { InstitutionId } from '../../contract/ids.ts';
import type { PresenceSubmission } from '../../contract/presence-proof.ts';
import { Problem } from '../../contract/problem.ts';
import type { StoredConsent } from '../../storage/consents.ts';
import type { HistoryParts, KnownBinding } from './parts.ts';

/**
 * Takes a patient's consent: the tap is verified, must name the asking institution and a time that is not over, and is
 * stored with the exchange's own word for whose card it was. The same submission again gives what stands.
 *
 * @throws {Problem}
 */
export async function acceptConsent(
  parts: HistoryParts,
  submission: PresenceSubmission,
  institution: InstitutionId,
): Promise<StoredConsent> {
  const submissionHash = hashSubmission(submission);
  const known = await parts.consents.find(institution, submission.submissionId);
  if (known?.submissionHash === submissionHash) return known;
  if (known) throw new Problem('conflict', "the submission's id stands for something else");

  const { claims, binding, use } = await parts.verifyTap(submission, institution);
  requireConsentRecipient(claims, institution);
  requireConsentScope(claims, []);
  requireConsentExpiry(claims, parts.now());
  return parts.consents.accept(
    {
      ...{ institution, submissionId: submission.submissionId, submissionHash },
      ...{ subject: binding.subject, presence: submission.presence, binding: await vouchFor(parts, binding) },
    },
    use,
  );
}

/** The exchange's word for whose card key that is. */
export const vouchFor = (
  { exchange, key }: Pick<HistoryParts, 'exchange' | 'key'>,
  { subject, certHash, cardKey, application, enrolledAt }: KnownBinding,
): Promise<string> =>
  signBinding(
    { version: 1, iss: exchange, subject, certHash, cardKey, application, enrolledAt: enrolledAt.toISOString() },
    key,
  );

const hashSubmission = ({ submissionId, presence, certificate, terminal }: PresenceSubmission): string =>
  digestBase64Url(JSON.stringify([submissionId, presence, certificate, terminal]));
