import * as z from 'zod';
import { encodeUtf8 } from './encoding.ts';
import { Base64Url32, ExchangeId, InstitutionId, Timestamp } from './ids.ts';

/** E1: 32 random bytes, single use, bound to an institution and an exchange. */
export const EnrolmentChallenge = z
  .object({ challenge: Base64Url32, exchange: ExchangeId, institution: InstitutionId, expires: Timestamp })
  .readonly();
export type EnrolmentChallenge = z.infer<typeof EnrolmentChallenge>;

/** The context bytes that both card signatures of an enrolment cover, after the challenge. */
export function encodeEnrolmentContext({
  exchange,
  institution,
}: Pick<EnrolmentChallenge, 'exchange' | 'institution'>): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`tsunagi-enrolment/v1 ${exchange} ${institution}`);
}

/** E2–E7: what one contact with the card, with the PIN once, gave. Bytes as base64. */
export const EnrolmentSubmission = z
  .object({
    challenge: Base64Url32,
    certificate: z.base64().max(8192),
    /** By the authentication key over challenge ‖ context. */
    authSignature: z.base64().max(1024),
    /** EF 0007 of the text application: its public key and the issuer's signature. */
    textKeyRecord: z.base64().max(4096),
    /** EF 0004 of the text application: the card-verifiable certificate that signs the record. */
    textCvc: z.base64().max(4096),
    /** By the text application's key over challenge ‖ context ‖ "ap". */
    textSignature: z.base64().max(1024),
  })
  .readonly();
export type EnrolmentSubmission = z.infer<typeof EnrolmentSubmission>;
