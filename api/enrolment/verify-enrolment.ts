import { createPublicKey } from 'node:crypto';
import type { RsaPublicJwk } from '../contract/binding.ts';
import { requireCardCertificate, type CardTrust } from '../contract/card-trust.ts';
import { digestBase64Url, encodeUtf8, parseBase64, parseBase64Url } from '../contract/encoding.ts';
import { encodeEnrolmentContext, type EnrolmentChallenge, type EnrolmentSubmission } from '../contract/enrolment.ts';
import { Problem } from '../contract/problem.ts';
import { verifyCardKeyRecord, type CardAuthority } from './card-key-record.ts';
import { isSignedWith } from './card-public-key.ts';

/** What an enrolment proved: this certificate and this key were one card just now. */
export interface VerifiedEnrolment {
  readonly certHash: string;
  readonly certificate: Uint8Array;
  readonly cardKey: RsaPublicJwk;
}

/**
 * E8 and E9. The card's two signatures cover the challenge and where it was given out, so that what one institution
 * collects enrols nobody at another.
 *
 * @throws {Problem} `enrolment_signature_invalid`, `enrolment_record_untrusted`
 * @throws {CertificateError}
 */
export async function verifyEnrolment(
  submission: EnrolmentSubmission,
  expected: {
    readonly context: Pick<EnrolmentChallenge, 'exchange' | 'institution'>;
    readonly trust: CardTrust;
    readonly authorities: readonly CardAuthority[];
    readonly now: Date;
  },
): Promise<VerifiedEnrolment> {
  const { now } = expected;
  const der = readBytes(submission.certificate);
  const certificate = await requireCardCertificate(der, expected.trust, { at: now, now });
  const authKey = createPublicKey({ key: Buffer.from(certificate.publicKey.spki), format: 'der', type: 'spki' });
  const cardKey = verifyCardKeyRecord(
    readBytes(submission.textKeyRecord),
    readBytes(submission.textCvc),
    expected.authorities,
  );

  const signed = concat(parseBase64Url(submission.challenge), encodeEnrolmentContext(expected.context));
  if (!isSignedWith(authKey, signed, readBytes(submission.authSignature))) {
    throw new Problem('enrolment_signature_invalid', 'the authentication key did not sign');
  }
  if (!isSignedWith(cardKey, concat(signed, encodeUtf8('ap')), readBytes(submission.textSignature))) {
    throw new Problem('enrolment_signature_invalid', "the text application's key did not sign");
  }
  return { certHash: digestBase64Url(der), certificate: der, cardKey };
}

function readBytes(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return parseBase64(base64);
  } catch (cause) {
    throw new Problem('malformed_request', 'not base64', { cause });
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
