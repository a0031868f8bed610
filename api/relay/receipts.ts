import { EnvelopeReceipt, signEnvelopeReceipt, verifyEnvelopeReceipt, type Envelope } from '../contract/envelope.ts';
import type { EnvelopeState } from '../contract/envelope.ts';
import { JoseError, readClaims } from '../contract/jose.ts';
import type { PartyKeys } from '../contract/keys-by-thumbprint.ts';
import { Problem } from '../contract/problem.ts';
import type { StoredReceipt } from '../storage/relay.ts';
import type { RelayParts } from './parts.ts';

/** Signs our word that an envelope reached a state. */
export async function createReceipt(
  { exchange, key, now }: Pick<RelayParts, 'exchange' | 'key' | 'now'>,
  { id, digest }: Envelope,
  state: EnvelopeState,
  reason?: string,
): Promise<StoredReceipt> {
  const at = now();
  const receipt: EnvelopeReceipt = {
    version: 1,
    iss: exchange,
    envelope: id,
    digest,
    state,
    at: at.toISOString(),
    ...(reason === undefined ? {} : { reason }),
  };
  return { issuer: exchange, state, at, reason, jws: await signEnvelopeReceipt(receipt, key) };
}

/**
 * Verifies a receipt with the keys of the exchange that it names.
 *
 * @throws {Problem} `envelope_signature_invalid`
 */
export async function readReceipt(jws: string, exchangeKeys: PartyKeys): Promise<EnvelopeReceipt> {
  try {
    return await verifyEnvelopeReceipt(jws, exchangeKeys(readClaims(jws, EnvelopeReceipt).iss));
  } catch (cause) {
    if (!(cause instanceof JoseError)) throw cause;
    throw new Problem('envelope_signature_invalid', `receipt: ${cause.code}`, { cause });
  }
}

export const toStored = (receipt: EnvelopeReceipt, jws: string): StoredReceipt => ({
  issuer: receipt.iss,
  state: receipt.state,
  at: new Date(receipt.at),
  jws,
  reason: receipt.reason,
});
