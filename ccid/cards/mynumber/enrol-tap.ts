import { throwIfAborted } from '../../errors.ts';
import { concatBytes } from '../../iso7816/bytes.ts';
import type { CardChannel } from '../../iso7816/card-channel.ts';
import { hashSha256 } from '../digest-info.ts';
import { requirePinShape } from '../pin-shape.ts';
import { JPKI_FILES, TEXT_FILES } from './files.ts';
import { selectJpki } from './jpki-application.ts';
import { selectText } from './text-application.ts';

const AP_SUFFIX = new TextEncoder().encode('ap');

export interface EnrolTapRequest {
  /** From the verifier: at least 32 random bytes, used once. */
  readonly challenge: Uint8Array;
  /** What the enrolment is for; bound into both signatures. */
  readonly context: Uint8Array;
  /** The caller's bytes; the caller wipes both PINs when the enrolment has ended. */
  readonly authPin: Uint8Array;
  readonly textPin: Uint8Array;
  readonly allowLastAttempt?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: 'found' | 'auth-signed' | 'read' | 'signed') => void;
}

/** What a verifier needs to bind the text application's key to the authentication certificate. */
export interface TapEnrolment {
  /** The authentication certificate, DER. */
  readonly certificate: Uint8Array;
  /** By the certificate's key over challenge ‖ context (RSASSA-PKCS1-v1_5, SHA-256). */
  readonly authSignature: Uint8Array;
  /** EF 0007 of the text application. */
  readonly textKeyRecord: Uint8Array;
  /** EF 0004 of the text application. */
  readonly textCvc: Uint8Array;
  /** By the text application's key over challenge ‖ context ‖ "ap". */
  readonly textSignature: Uint8Array;
}

/**
 * Makes both keys of one card sign the same challenge, so that a verifier can bind them. The card stays where it is
 * from the first command to the last: a card exchanged in between would make a wrong binding.
 *
 * @throws {RangeError} when the challenge has fewer than 32 bytes, or a PIN cannot be right
 * @throws {CardError} `pin_wrong` and `pin_last_attempt` with `attemptsLeft`, `pin_blocked`, `not_this_card`, …
 */
export async function enrolTap(channel: CardChannel, request: EnrolTapRequest): Promise<TapEnrolment> {
  const { challenge, context, authPin, textPin, signal, allowLastAttempt, onProgress } = request;
  if (challenge.length < 32) throw new RangeError('a challenge has at least 32 bytes');
  // Both before the card is asked anything: half an enrolment helps nobody.
  requirePinShape(authPin, JPKI_FILES.authPin.shape);
  requirePinShape(textPin, TEXT_FILES.pin.shape);
  throwIfAborted(signal);
  const statement = concatBytes(challenge, context);

  const jpki = await selectJpki(channel, signal);
  onProgress?.('found');
  await jpki.verifyPin('auth', authPin, { signal, allowLastAttempt });
  const certificate = await jpki.readCertificate('auth', signal);
  const authSignature = await jpki.sign('auth', await hashSha256(statement), signal);
  onProgress?.('auth-signed');

  const text = await selectText(channel, signal);
  await text.verify('pin', textPin, { signal, allowLastAttempt });
  const textKeyRecord = await text.readRecord('keyRecord', signal);
  const textCvc = await text.readRecord('certificate', signal);
  onProgress?.('read');
  const textSignature = await text.sign(await hashSha256(concatBytes(statement, AP_SUFFIX)), signal);
  onProgress?.('signed');
  return { certificate, authSignature, textKeyRecord, textCvc, textSignature };
}
