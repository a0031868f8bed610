import type { Day } from '../synthetic/calendar.ts';
import { ageOn } from '../synthetic/calendar.ts';
import { type SyntheticPerson, fullAddress, fullKana, fullName } from '../synthetic/people/person.ts';
import { toHalfWidthKana } from '../qualification/kana.ts';
import { SIMULATED_MARK } from '../qualification/response-result.ts';
import { encodeXmlMessage } from '../qualification/xml-message.ts';

/** What one simulated answer is about. */
export interface AnswerContext {
  /** Ten digits. */
  readonly institution: string;
  /** The day for which the insurance is asked. */
  readonly day: Day;
  readonly now: Date;
  /** 1 by the card, 2 by the numbers on an insurance certificate. */
  readonly reference: '1' | '2';
}

/** QualificationValidity of what was found. */
const VALIDITY = { valid: '1', invalid: '2', nobody: '4' } as const;

/** The answer about a person, or about nobody. */
export function answerQualification(
  person: SyntheticPerson | undefined,
  context: AnswerContext,
): Uint8Array<ArrayBuffer> {
  return encodeXmlMessage({
    MessageHeader: { ...header(context), SegmentOfResult: '1', CharacterCodeIdentifier: '0' },
    MessageBody: {
      ProcessingResultStatus: '1',
      ProcessingResultCode: '',
      ProcessingResultMessage: SIMULATED_MARK,
      QualificationValidity: person
        ? isCovered(person, context.day)
          ? VALIDITY.valid
          : VALIDITY.invalid
        : VALIDITY.nobody,
      ResultList: person ? { ResultOfQualificationConfirmation: [describe(person, context.day)] } : '',
    },
  });
}

/** The answer that there is none: the simulator's own codes, the real ones are not public. */
export function refuseQualification(code: string, context: AnswerContext): Uint8Array<ArrayBuffer> {
  return encodeXmlMessage({
    MessageHeader: { ...header(context), SegmentOfResult: '1', CharacterCodeIdentifier: '0' },
    MessageBody: {
      ProcessingResultStatus: '2',
      ProcessingResultCode: code,
      ProcessingResultMessage: SIMULATED_MARK,
    },
  });
}

function header({ institution, day, now, reference }: AnswerContext) {
  return {
    ProcessExecutionTime: digits(new Date(now.getTime() + 9 * 3600_000).toISOString().slice(0, 19)),
    QualificationConfirmationDate: digits(day),
    MedicalInstitutionCode: institution,
    ReferenceClassification: reference,
  };
}

function isCovered({ insurance }: SyntheticPerson, day: Day): boolean {
  return insurance.validFrom <= day && day <= insurance.validUntil;
}

function describe(person: SyntheticPerson, day: Day) {
  const { insurance } = person;
  const ratio = String(insurance.burdenPercent).padStart(3, '0');
  const isElderly = isElderlyRecipient(ageOn(day, person.birthDate));
  return {
    InsuredCardClassification: '01',
    InsurerNumber: insurance.insurerNumber,
    InsuredCardSymbol: insurance.symbol,
    InsuredIdentificationNumber: insurance.number,
    InsuredBranchNumber: insurance.branch,
    PersonalFamilyClassification: insurance.relation === 'insured' ? '1' : '2',
    Name: fullName(person),
    NameKana: toHalfWidthKana(fullKana(person)),
    Sex1: person.sex === 'male' ? '1' : '2',
    Birthdate: digits(person.birthDate),
    Address: fullAddress(person),
    PostNumber: person.address.postalCode,
    InsuredCardValidDate: digits(insurance.validFrom),
    InsuredCardExpirationDate: digits(insurance.validUntil),
    InsuredPartialContributionRatio: isElderly ? '' : ratio,
    InsurerName: insurance.insurerName,
    ElderlyRecipientCertificateInfo: isElderly
      ? {
          ElderlyRecipientValidStartDate: digits(insurance.validFrom),
          ElderlyRecipientValidEndDate: digits(insurance.validUntil),
          ElderlyRecipientContributionRatio: ratio,
        }
      : '',
    ReferenceNumber: person.payerId,
  };
}

/** From 70 to 74 the share is on a certificate of its own (高齢受給者証). */
function isElderlyRecipient(age: number): boolean {
  return age >= 70 && age < 75;
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '');
}
