import { digest } from '#api/contract/encoding.ts';
import {
  assembleShareRequest,
  encodeShareRequestSigningInput,
  type ShareRequest,
} from '#api/contract/share-request.ts';
import { CardError, equalBytes, type CardChannel } from 'webusb-ccid';
import { openHpkiSign } from 'webusb-ccid/hpki';
import type { Signer } from './signer.ts';

export interface SigningOptions {
  readonly signer: Signer;
  /** The card's PIN in ASCII. The caller wipes it; it is sent once for each signature where the card wants that. */
  readonly pin: Uint8Array;
  /** The person was told that one try is left and wants it used. */
  readonly allowLastAttempt?: boolean;
  readonly onSigned?: (count: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Signs requests with the HPKI card that was looked at before, one JWS for each hospital.
 *
 * @throws {CardError} `not_this_card` when another card lies on the reader meanwhile, `pin_wrong`, `pin_blocked`, …
 */
export async function signShareRequests(
  channel: CardChannel,
  requests: readonly ShareRequest[],
  { signer, pin, allowLastAttempt = false, onSigned, signal }: SigningOptions,
): Promise<readonly string[]> {
  const application = await openHpkiSign(channel, signal);
  if (!equalBytes(await application.readCertificate(signal), signer.certificate)) {
    throw new CardError('not_this_card', 'another HPKI card than the one that was shown');
  }
  const chain = [signer.certificate, ...signer.authorities];
  const signed: string[] = [];
  for (const request of requests) {
    if (signed.length === 0 || application.layout.wantsPinEachTime) {
      await application.verifyPin(pin, { allowLastAttempt, ...(signal ? { signal } : {}) });
    }
    const input = encodeShareRequestSigningInput(request, chain);
    signed.push(assembleShareRequest(input, await application.sign(digest(input), signal)));
    onSigned?.(signed.length);
  }
  return signed;
}
