import { randomBytes } from 'node:crypto';
import type { CardTrust } from '../contract/card-trust.ts';
import { digestBase64Url, encodeBase64Url } from '../contract/encoding.ts';
import type { EnrolmentChallenge, EnrolmentSubmission } from '../contract/enrolment.ts';
import type { EnrolmentOutcome } from '../contract/exchange-api.ts';
import type { ExchangeId, InstitutionId } from '../contract/ids.ts';
import type { AskPayer } from '../contract/payer-answer.ts';
import { Problem } from '../contract/problem.ts';
import { createSubject } from '../contract/subject.ts';
import type { EnrolmentStore, IssuedEnrolmentChallenge } from '../storage/enrolment.ts';
import type { CardAuthority } from './card-key-record.ts';
import { verifyEnrolment } from './verify-enrolment.ts';

/** Long enough to find the PIN, short enough that a tablet left alone enrols nobody. */
const CHALLENGE_MS = 5 * 60 * 1000;

export interface CardEnrolmentParts {
  readonly exchange: ExchangeId;
  readonly store: EnrolmentStore;
  readonly trust: CardTrust;
  readonly authorities: readonly CardAuthority[];
  readonly askPayer: AskPayer;
  readonly federationKey: Uint8Array;
  readonly now: () => Date;
}

/** Binds cards to persons at one exchange, once and with the PIN, so that later a tap is enough. */
export interface CardEnrolment {
  /** E1 */
  issueChallenge(institution: InstitutionId): Promise<EnrolmentChallenge>;
  /**
   * E8 to E10. The same submission again gets the same answer.
   *
   * @throws {Problem} `enrolment_*`, `payer_unreachable`, `person_not_found`
   * @throws {CertificateError}
   */
  enrol(submission: EnrolmentSubmission, institution: InstitutionId): Promise<EnrolmentOutcome>;
}

export function createCardEnrolment(parts: CardEnrolmentParts): CardEnrolment {
  const { exchange, store } = parts;

  return {
    async issueChallenge(institution) {
      const challenge = encodeBase64Url(randomBytes(32));
      const expires = new Date(parts.now().getTime() + CHALLENGE_MS);
      await store.saveChallenge({ challenge, institution, expires });
      return { challenge, exchange, institution, expires: expires.toISOString() };
    },

    async enrol(submission, institution) {
      const now = parts.now();
      const submissionHash = digestBase64Url(JSON.stringify(submission));
      const challenge = await store.findChallenge(submission.challenge);
      requireChallenge(challenge, { institution, submissionHash, now });

      const context = { exchange, institution };
      const verified = await verifyEnrolment(submission, { ...parts, context, now });
      const answer = await parts.askPayer({ certificate: verified.certificate, institution, at: now });
      if (answer.personId === null || !answer.person) {
        throw new Problem('person_not_found', 'the payer knows nobody with this certificate');
      }
      const subject = createSubject(parts.federationKey, answer.personId);
      const { certHash, cardKey } = verified;
      const binding = { certHash, subject, cardKey, application: 'text-ap', institution, enrolledAt: now } as const;
      const known = challenge?.usedBy === submissionHash ? await store.findBinding(certHash) : undefined;
      if (!known) await store.enrol(binding, { challenge: submission.challenge, submissionHash });
      const { enrolledAt } = known ?? binding;
      return { person: { subject, ...answer.person }, enrolledAt: enrolledAt.toISOString() };
    },
  };
}

function requireChallenge(
  challenge: IssuedEnrolmentChallenge | undefined,
  now: { readonly institution: InstitutionId; readonly submissionHash: string; readonly now: Date },
): void {
  const isAgain = challenge?.usedBy === now.submissionHash;
  const isLive = challenge?.usedBy === null && challenge.expires > now.now;
  if (challenge?.institution !== now.institution || !(isAgain || isLive)) {
    throw new Problem('enrolment_challenge_unknown', 'not given out here, used, or too old');
  }
}
