import type { KnownCoverage, UnknownCoverage } from '../contract/coverage.ts';

/** Asks the payer who a certificate belongs to and whether their insurance is valid. */
export interface QualificationProvider {
  /** @throws {QualificationError} */
  check(query: QualificationQuery): Promise<QualificationResult>;
}

export interface QualificationQuery {
  /** The authentication certificate from the card, DER. */
  readonly certificate: Uint8Array;
  /** Ten-digit medical institution code, alone or after its network's id. */
  readonly institution: string;
  /** The instant of the visit; the payer answers for its day in Japan. */
  readonly at: Date;
}

/** An answer in order, whatever it says. */
interface Answer {
  /** The payer's ProcessExecutionTime. */
  readonly answeredAt: Date;
  /** SHA-256 of the answer as it arrived, base64url. */
  readonly answerHash: string;
  /** The answer says itself that it comes from the simulator. */
  readonly simulated: boolean;
}

export interface QualifiedPerson extends Answer {
  readonly kind: 'person';
  /** The payer's own lasting number for the person; made into a pseudonym before it goes anywhere. */
  readonly personId: string;
  /** 姓 名 as the payer writes it. */
  readonly name: string;
  /** Full-width katakana; empty where the payer has none. */
  readonly kana: string;
  readonly birthDate: string;
  readonly sex: 'male' | 'female' | 'unknown';
  readonly coverage: KnownCoverage;
}

/** The payer knows nobody, or will not choose. */
export interface NobodyQualified extends Answer {
  readonly kind: 'nobody';
  readonly coverage: UnknownCoverage;
}

export type QualificationResult = QualifiedPerson | NobodyQualified;

/** `payer_refused`: the payer answered that it will not answer this; its reason is not for decisions, no list of its codes is public. */
export const QUALIFICATION_ERROR_CODES = ['payer_unreachable', 'payer_answer_malformed', 'payer_refused'] as const;
export type QualificationErrorCode = (typeof QUALIFICATION_ERROR_CODES)[number];

/** No answer about anybody's insurance could be had. */
export class QualificationError extends Error {
  readonly code: QualificationErrorCode;

  constructor(code: QualificationErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'QualificationError';
    this.code = code;
  }
}
