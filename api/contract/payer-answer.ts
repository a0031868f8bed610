import type { Coverage } from './coverage.ts';
import type { InstitutionId } from './ids.ts';
import type { Person } from './person.ts';

/** What the payer says about whoever holds a card's authentication certificate, on the day it is asked. */
export interface PayerAnswer {
  /** The payer's own number for the person, stable across insurers; null when it knows nobody, or several. */
  readonly personId: string | null;
  readonly person: Omit<Person, 'subject'> | null;
  readonly coverage: Coverage;
  /** SHA-256 of the answer as it arrived, base64url. */
  readonly answerHash: string;
  readonly checkedAt: Date;
  readonly simulated: boolean;
}

/** Asks the payer as of an instant. @throws {Problem} `payer_unreachable` when no answer in order could be had */
export type AskPayer = (query: {
  /** The authentication certificate, DER. */
  readonly certificate: Uint8Array;
  readonly institution: InstitutionId;
  readonly at: Date;
}) => Promise<PayerAnswer>;
