import type { CardChannel } from 'webusb-ccid';
import { encodeBase64, parseBase64Url } from '#api/contract/encoding.ts';
import { encodeEnrolmentContext, type EnrolmentChallenge, type EnrolmentSubmission } from '#api/contract/enrolment.ts';
import type { EnrolmentOutcome } from '#api/contract/exchange-api.ts';
import type * as z from 'zod';

type Cards = typeof import('webusb-ccid/mynumber');
type Outcome = z.infer<typeof EnrolmentOutcome>;

/** The two PINs of one enrolment. Whoever made the arrays wipes them. */
export interface EnrolmentPins {
  readonly authPin: Uint8Array;
  readonly textPin: Uint8Array;
}

interface Dependencies {
  readonly withCard: <T>(use: (channel: CardChannel) => Promise<T>) => Promise<T>;
  readonly loadCards: () => Promise<Pick<Cards, 'enrolTap' | 'selectJpki' | 'selectText'>>;
  readonly fetchChallenge: () => Promise<EnrolmentChallenge>;
  readonly send: (submission: EnrolmentSubmission) => Promise<Outcome>;
}

/** Attempts that both PINs of the card on the reader still have; reading them spends none. */
export interface TriesLeft {
  readonly auth: number;
  readonly text: number;
}

export async function readTriesLeft({ withCard, loadCards }: Dependencies): Promise<TriesLeft> {
  const { selectJpki, selectText } = await loadCards();
  return withCard(async (channel) => {
    const auth = await (await selectJpki(channel)).readTriesLeft('auth');
    return { auth, text: await (await selectText(channel)).readTriesLeft() };
  });
}

/**
 * Binds a card's tap key to its certificate at the exchange: once, with the PIN, in one contact with the card.
 *
 * @throws {CardError} {Problem} {ApiError}
 */
export async function enrolCard(
  { authPin, textPin }: EnrolmentPins,
  allowLastAttempt: boolean,
  onProgress: (step: 'found' | 'auth-signed' | 'read' | 'signed') => void,
  { withCard, loadCards, fetchChallenge, send }: Dependencies,
): Promise<Outcome> {
  const { enrolTap } = await loadCards();
  const issued = await fetchChallenge();
  const enrolment = await withCard((channel) =>
    enrolTap(channel, {
      challenge: parseBase64Url(issued.challenge),
      context: encodeEnrolmentContext(issued),
      authPin,
      textPin,
      allowLastAttempt,
      onProgress,
    }),
  );
  return send({
    challenge: issued.challenge,
    certificate: encodeBase64(enrolment.certificate),
    authSignature: encodeBase64(enrolment.authSignature),
    textKeyRecord: encodeBase64(enrolment.textKeyRecord),
    textCvc: encodeBase64(enrolment.textCvc),
    textSignature: encodeBase64(enrolment.textSignature),
  });
}
