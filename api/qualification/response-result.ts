import { type Coverage, KnownCoverage } from '../contract/coverage.ts';
import { digestBase64Url } from '../contract/encoding.ts';
import { toFullWidthKana } from './kana.ts';
import { QualificationError, type QualificationResult } from './qualification.ts';
import { QualificationResponse, type ResultOfQualificationConfirmation } from './response-schema.ts';
import { parseXmlMessage } from './xml-message.ts';

/** What the simulator writes where the system puts additional information (ProcessingResultMessage). */
export const SIMULATED_MARK = 'SIMULATED 模擬応答';

/** QualificationValidity (OQSCD006). */
const STATUS_OF_VALIDITY = new Map<string | undefined, Coverage['status']>([
  ['1', 'valid'],
  ['2', 'expired'],
  ['3', 'superseded'],
  ['4', 'not_found'],
  ['5', 'ambiguous'],
]);

const SEX_OF_CODE = new Map<string, 'male' | 'female'>([
  ['1', 'male'],
  ['2', 'female'],
]);

/**
 * What an answer of the qualification system says, in this project's words.
 *
 * @throws {QualificationError} `payer_answer_malformed`, `payer_refused`
 */
export function parseQualificationResult(bytes: Uint8Array): QualificationResult {
  const { MessageHeader: header, MessageBody: body } = parseXmlMessage(bytes, QualificationResponse);
  if (header.SegmentOfResult !== '1') throw refused(header.ErrorCode);
  if (body?.ProcessingResultStatus !== '1') throw refused(body?.ProcessingResultCode);
  const answer = {
    answeredAt: parseExecutionTime(header.ProcessExecutionTime),
    answerHash: digestBase64Url(bytes),
    simulated: body.ProcessingResultMessage?.startsWith(SIMULATED_MARK) ?? false,
  };
  const status = STATUS_OF_VALIDITY.get(body.QualificationValidity);
  if (!status) throw malformed('QualificationValidity');
  if (status === 'not_found' || status === 'ambiguous') return { kind: 'nobody', coverage: { status }, ...answer };
  // The newest qualification comes first; more than one is listed when the payer links them.
  const [result] = body.ResultList?.ResultOfQualificationConfirmation ?? [];
  if (!result) throw malformed('ResultList');
  return { kind: 'person', ...readPerson(result), coverage: readCoverage(result, status), ...answer };
}

function readPerson(result: ResultOfQualificationConfirmation) {
  return {
    personId: readPersonId(result),
    name: result.Name,
    kana: toFullWidthKana(result.NameKana ?? ''),
    birthDate: parseDay(result.Birthdate) ?? refuseDay('Birthdate'),
    sex: SEX_OF_CODE.get(result.Sex1) ?? 'unknown',
  } as const;
}

/**
 * The number that links answers about one person: the registered reference number (照会番号), else the insured person's own
 * (which changes with the insurance). Institutions mix full- and half-width digits; the comparison must not.
 */
function readPersonId(result: ResultOfQualificationConfirmation): string {
  if (result.ReferenceNumber) return result.ReferenceNumber;
  const parts = [
    result.InsurerNumber,
    result.InsuredCardSymbol,
    result.InsuredIdentificationNumber,
    result.InsuredBranchNumber,
  ];
  return parts.map((part) => (part ?? '').normalize('NFKC')).join(':');
}

function readCoverage(result: ResultOfQualificationConfirmation, status: KnownCoverage['status']): KnownCoverage {
  const ratio =
    result.ElderlyRecipientCertificateInfo?.ElderlyRecipientContributionRatio || result.InsuredPartialContributionRatio;
  const validFrom = parseDay(result.InsuredCardValidDate);
  const validUntil = parseDay(result.InsuredCardExpirationDate);
  const coverage = KnownCoverage.safeParse({
    status,
    insurerNumber: result.InsurerNumber,
    insurerName: result.InsurerName,
    symbol: result.InsuredCardSymbol ?? '',
    number: result.InsuredIdentificationNumber,
    branch: result.InsuredBranchNumber ?? '',
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    ...(ratio && { burdenPercent: Number(ratio) }),
  });
  if (!coverage.success) throw malformed(coverage.error.issues[0]?.path.join('/') ?? 'coverage');
  return coverage.data;
}

/** `YYYYMMDD` as `YYYY-MM-DD`; empty elements are absent ones. */
function parseDay(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  const date = new Date(`${day}T00:00:00Z`);
  if (!/^\d{8}$/.test(text) || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(day)) {
    throw malformed('a date');
  }
  return day;
}

function refuseDay(element: string): never {
  throw malformed(element);
}

/** `YYYYMMDDhhmmss`, the clock of Japan. */
function parseExecutionTime(text: string): Date {
  const [year, month, day, hour, minute, second] = text.match(/^\d{4}|\d{2}/g) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+09:00`);
  if (Number.isNaN(date.getTime())) throw malformed('ProcessExecutionTime');
  return date;
}

function malformed(detail: string): QualificationError {
  return new QualificationError('payer_answer_malformed', detail);
}

function refused(code: string | undefined): QualificationError {
  return new QualificationError('payer_refused', code ?? 'without a code');
}
