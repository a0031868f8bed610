import * as z from 'zod';
import { parseXmlMessage } from './xml-message.ts';

const text = z.string().optional();

/** A request by the numbers on an insurance certificate (資格確認要求, `OQSsiquc01req`), by its own element names. */
export const QualificationRequest = z.object({
  MessageHeader: z.object({
    QualificationConfirmationDate: z.string().regex(/^\d{8}$/),
    MedicalInstitutionCode: z.string().regex(/^\d{10}$/),
    ArbitraryFileIdentifier: text,
  }),
  MessageBody: z.object({
    QualificationConfirmSearchInfo: z.object({
      InsurerNumber: z.string().min(1),
      InsuredCardSymbol: text,
      InsuredIdentificationNumber: z.string().min(1),
      InsuredBranchNumber: text,
      Birthdate: z.string().regex(/^\d{8}$/),
      LimitApplicationCertificateRelatedConsFlg: z.enum(['0', '1']),
      ArbitraryIdentifier: text,
    }),
  }),
});
export type QualificationRequest = z.infer<typeof QualificationRequest>;

/** @throws {QualificationError} `payer_answer_malformed` */
export function parseQualificationRequest(bytes: Uint8Array): QualificationRequest {
  return parseXmlMessage(bytes, QualificationRequest);
}
