import type { Coverage } from './coverage.ts';
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

/**
 * Asks the payer. `day` is the calendar day in Japan that the coverage is for, `YYYY-MM-DD`.
 *
 * @throws {Problem} `payer_unreachable`
 */
export type AskPayer = (certificate: Uint8Array, day: string) => Promise<PayerAnswer>;
