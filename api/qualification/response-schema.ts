import * as z from 'zod';

const text = z.string().optional();
const texts = <K extends string>(...names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, text])) as Record<K, typeof text>;

/** An element that may be left out or stand there empty. */
const orEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const MessageHeader = z.object({
  ProcessExecutionTime: z.string().regex(/^\d{14}$/),
  QualificationConfirmationDate: z.string().regex(/^\d{8}$/),
  MedicalInstitutionCode: z.string().regex(/^\d{10}$/),
  ArbitraryFileIdentifier: text,
  /** 1 マイナンバーカード, 2 被保険者証情報 */
  ReferenceClassification: z.string(),
  /** 1 正常終了, 2 処理中, 9 異常終了 */
  SegmentOfResult: z.string(),
  ErrorCode: text,
  ErrorMessage: text,
  /** 0 UTF-8, 1 Shift_JIS */
  CharacterCodeIdentifier: z.string(),
});

const ElderlyRecipientCertificateInfo = z.object(
  texts(
    'ElderlyRecipientCertificateDate',
    'ElderlyRecipientValidStartDate',
    'ElderlyRecipientValidEndDate',
    'ElderlyRecipientContributionRatio',
  ),
);

const LimitApplicationCertificateRelatedInfo = z.object(
  texts(
    'LimitApplicationCertificateClassification',
    'LimitApplicationCertificateClassificationFlag',
    'LimitApplicationCertificateDate',
    'LimitApplicationCertificateValidStartDate',
    'LimitApplicationCertificateValidEndDate',
    'LimitApplicationCertificateLongTermDate',
  ),
);

const SpecificDiseasesCertificateInfo = z.object(
  texts(
    'SpecificDiseasesDiseaseCategory',
    'SpecificDiseasesCertificateDate',
    'SpecificDiseasesValidStartDate',
    'SpecificDiseasesValidEndDate',
    'SpecificDiseasesSelfPay',
  ),
);

/** One ResultOfQualificationConfirmation: a person with one insurance. */
export const ResultOfQualificationConfirmation = z.object({
  InsuredCardClassification: z.string(),
  Name: z.string().min(1),
  /** 1 男, 2 女, 3 未設定 */
  Sex1: z.string(),
  Birthdate: z.string(),
  InsurerName: z.string().min(1),
  ...texts(
    'InsurerNumber',
    'InsuredCardSymbol',
    'InsuredIdentificationNumber',
    'InsuredBranchNumber',
    'PersonalFamilyClassification',
    'InsuredName',
    'NameOfOther',
    'NameKana',
    'NameOfOtherKana',
    'Sex2',
    'Address',
    'PostNumber',
    'InsuredCertificateIssuanceDate',
    'InsuredCardValidDate',
    'InsuredCardExpirationDate',
    'InsuredPartialContributionRatio',
    'PreschoolClassification',
    'ReasonOfLoss',
    'LimitApplicationCertificateRelatedConsFlg',
    'LimitApplicationCertificateRelatedConsTime',
    'SpecificDiseasesCertificateRelatedConsFlg',
    'SpecificDiseasesCertificateRelatedConsTime',
    'SpecificHealthCheckupsInfoConsFlg',
    'SpecificHealthCheckupsInfoConsTime',
    'SpecificHealthCheckupsInfoAvailableTime',
    'PharmacistsInfoConsFlg',
    'PharmacistsInfoConsTime',
    'PharmacistsInfoAvailableTime',
    'DiagnosisInfoConsFlg',
    'DiagnosisInfoConsTime',
    'DiagnosisInfoAvailableTime',
    'OperationInfoConsFlg',
    'OperationInfoConsTime',
    'OperationInfoAvailableTime',
    'ArbitraryIdentifier',
    'ReferenceNumber',
    'QualificationDate',
    'DisqualificationDate',
    'PublicExpenseNumber',
    'BeneficiaryNumber',
    'WelfareOfficeName',
  ),
  ElderlyRecipientCertificateInfo: orEmpty(ElderlyRecipientCertificateInfo),
  LimitApplicationCertificateRelatedInfo: orEmpty(LimitApplicationCertificateRelatedInfo),
  SpecificDiseasesCertificateList: orEmpty(
    z.object({ SpecificDiseasesCertificateInfo: z.array(SpecificDiseasesCertificateInfo) }),
  ),
});
export type ResultOfQualificationConfirmation = z.infer<typeof ResultOfQualificationConfirmation>;

const MessageBody = z.object({
  /** 1 正常終了, 2 エラー */
  ProcessingResultStatus: text,
  ProcessingResultCode: text,
  ProcessingResultMessage: text,
  /** OQSCD006: 1 有効, 2 無効, 3 無効(新しい資格あり), 4 該当資格なし, 5 複数該当 */
  QualificationValidity: text,
  PrescriptionIssueSelect: text,
  QualificationConfirmSearchInfo: orEmpty(z.record(z.string(), z.string())),
  ResultList: orEmpty(z.object({ ResultOfQualificationConfirmation: z.array(ResultOfQualificationConfirmation) })),
  /** 医療扶助: values are kept by their names, no schema of them is public. */
  PublicExpenseResultList: orEmpty(z.object({ MedicalTicketInfo: z.array(z.record(z.string(), z.unknown())) })),
});

/**
 * The answer of the qualification system (オンライン資格確認等システム), by its own element names. Every value is the text that
 * arrived: leading zeros are part of it.
 */
export const QualificationResponse = z.object({
  MessageHeader,
  MessageBody: orEmpty(MessageBody),
});
export type QualificationResponse = z.infer<typeof QualificationResponse>;
